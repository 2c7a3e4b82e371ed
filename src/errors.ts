import { oneLine } from "./one-line.js";

/**
 * Every error a user can meet has a stable code, listed here and explained in docs/errors.md. A message says which
 * argument, what was expected and what came; a hint says what to do.
 */
export const codes = [
  "UNKNOWN_ANALYSIS",
  "UNKNOWN_PARAMETER",
  "INVALID_PARAMETER",
  "MISSING_COLUMN",
  "WRONG_COLUMN_TYPE",
  "INVALID_QUERY",
  "QUERY_FAILED",
  "WRITE_FAILED",
  "NO_ROWS",
  "TOO_FEW_ROWS",
  "CONSTANT_VALUES",
  "K_TOO_LARGE",
  "INVALID_GEOMETRY",
  "MIXED_GEOMETRY",
  "NULL_ID",
  "DUPLICATE_ID",
  "INVALID_WEIGHTS",
  "TARGET_EXISTS",
  "TARGET_INVALID",
  "TARGET_BUSY",
  "TARGET_IN_USE",
  "SUPERUSER_REFUSED",
  "NO_LOGIN",
  "QUEUE_LIMIT",
  "ROW_LIMIT",
  "TIMEOUT",
  "CONNECTION_FAILED",
  "NOT_INSTALLED",
  "UNFINISHED_JOBS",
  "VERSION_MISMATCH",
  "INVALID_FILE",
  "OUT_OF_MEMORY",
  "INVALID_EVENT",
  "INVOKE_FAILED",
  "ACCESS_DENIED",
  "RATE_LIMITED",
  "QUOTA_EXCEEDED",
  "WORKER_LOST",
  "NO_WORKER",
  "RESTORED",
  "ROLE_GONE",
  "CANCELED",
  "INTERNAL",
] as const;

export type ErrorCode = (typeof codes)[number];

export class DriveshaftError extends Error {
  override name = "DriveshaftError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}

/** Characters of a value that messages show. */
const SHOWN = 100;

/** A value of a user's as messages show it: as JSON, one level deep and not too long. */
export function shown(value: unknown, deep = true): string {
  if (typeof value !== "object" || value === null) {
    const text = JSON.stringify(typeof value === "string" ? value.slice(0, SHOWN) : value) ?? "missing";
    return typeof value === "string" && value.length > SHOWN ? `${text.slice(0, -1)}..."` : text;
  }
  if (!deep) return Array.isArray(value) ? "[...]" : "{...}";
  const list = Object.entries(value).map(([name, part]) =>
    Array.isArray(value) ? shown(part, false) : `${shown(name)}:${shown(part, false)}`,
  );
  const text = list.slice(0, 10).join(",") + (list.length > 10 ? ",..." : "");
  return Array.isArray(value) ? `[${text}]` : `{${text}}`;
}

/** What crosses a thread or goes into a job row: an error without its prototype. */
export interface PlainError {
  code: ErrorCode;
  message: string;
  hint?: string | undefined;
}

/**
 * Any thrown value as code, message and hint, each one line of bounded length: names, values and messages of others
 * stand in them. What is not a DriveshaftError is a defect of ours: INTERNAL.
 */
export function plainError(error: unknown): PlainError {
  const { code, message, hint } = described(error);
  return { code, message: oneLine(message), hint: hint && oneLine(hint) };
}

function described(error: unknown): PlainError {
  if (error instanceof DriveshaftError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (
    error instanceof RangeError &&
    /allocation failed|Invalid typed array length|Invalid array buffer length/.test(message)
  ) {
    return {
      code: "OUT_OF_MEMORY",
      message: "an array is larger than memory allows",
      hint: "Use fewer rows or neighbors.",
    };
  }
  return {
    code: "INTERNAL",
    message,
    hint: "This is a defect of Driveshaft. Please report it with the query and the parameters.",
  };
}
