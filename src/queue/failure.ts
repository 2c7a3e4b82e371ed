import pg from "pg";
import { DriveshaftError, plainError, type PlainError } from "../errors.js";
import { isTransient } from "./transient.js";

/** Why an attempt at a job did not publish it. */
export interface Failure {
  error: PlainError;
  /** Whether another attempt may succeed, without anybody doing anything. */
  transient: boolean;
}

export const failureOf = (error: unknown): Failure => ({
  error: plainError(inOurTerms(error)),
  transient: isTransient(error),
});

/** What the server or the network says, as one of our errors; ours are passed on. */
function inOurTerms(error: unknown): unknown {
  const cause = error as Error;
  if (error instanceof pg.DatabaseError) {
    const said = `${error.message} (SQLSTATE ${error.code})`;
    return isTransient(error)
      ? new DriveshaftError("CONNECTION_FAILED", `the server broke off: ${said}`, { cause })
      : new DriveshaftError("WRITE_FAILED", `the result cannot be written: ${said}`, { hint: error.hint, cause });
  }
  if (error instanceof DriveshaftError || !isTransient(error)) return error;
  return new DriveshaftError("CONNECTION_FAILED", `the connection broke: ${cause.message}`, { cause });
}
