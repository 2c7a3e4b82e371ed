import { DriveshaftError } from "../errors.js";

/** The queue could not be asked or told something. That is no fault of the job at hand, and passes. */
export class QueueError extends DriveshaftError {
  constructor(cause: Error) {
    super("CONNECTION_FAILED", `the worker's queue fails: ${cause.message}`, { cause });
  }
}
