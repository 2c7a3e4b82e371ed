import pg from "pg";
import { DriveshaftError } from "../errors.js";
import { QueueError } from "./queue-error.js";

/**
 * SQLSTATEs after which the same job may well succeed: connection trouble, serialization failure, deadlock, too many
 * connections, and a server that is stopped, crashed or starting.
 */
const states = /^(08...|40001|40P01|53300|57P01|57P02|57P03|25P03)$/;

/** What Node says of a connection that cannot be made or breaks. */
const nodeCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EAI_AGAIN",
]);

/** What the client library says of one, without a code. */
const messages =
  /^(Connection terminated|Client has encountered a connection error|the connection was closed|Query read timeout|timeout expired)/i;

/** Whether trying again may help, without anybody doing anything. */
export function isTransient(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isTransient);
  if (error instanceof QueueError) return true;
  if (error instanceof pg.DatabaseError) return states.test(error.code ?? "");
  if (error instanceof DriveshaftError) return error.cause !== undefined && isTransient(error.cause);
  if (!(error instanceof Error)) return false;
  return nodeCodes.has((error as NodeJS.ErrnoException).code ?? "") || messages.test(error.message);
}
