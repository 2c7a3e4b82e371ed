import * as z from "zod";
import { DriveshaftError } from "../errors.js";

/** A job of PostgreSQL, by its id: everything else stands in its row. */
const queued = z.strictObject({ job: z.uuid(), analysis: z.string().min(1).optional() });

const specification = {
  analysis: z.string().min(1),
  query: z.string().min(1),
  params: z.record(z.string(), z.unknown()).default({}),
  target: z.string().min(1),
};

/**
 * An analysis without a job: of a database, by a role whose credentials the function has, or on CARTO, by an account.
 */
const onDatabase = z.strictObject({
  ...specification,
  connection: z
    .string()
    .min(1)
    .max(63)
    .refine((name) => !/:.*@|:\/\//.test(name), "Invalid name of a role"),
});
const onCarto = z.strictObject({ ...specification, carto: z.string().min(1).max(63) });

export type QueuedEvent = z.infer<typeof queued>;
export type DatabaseEvent = z.infer<typeof onDatabase>;
export type CartoEvent = z.infer<typeof onCarto>;
export type Event = QueuedEvent | DatabaseEvent | CartoEvent;

const HINT =
  'Expected {"job": "<uuid>"}, or {"analysis", "query", "params", "target"} with {"connection": "<role>"} or {"carto": "<account>"}.';

/**
 * What a function is asked to do. Messages show no values, as there may be a key among them.
 * @param analysis the function's own
 * @throws INVALID_EVENT
 */
export function readEvent(event: unknown, analysis: string): Event {
  if (typeof event !== "object" || event === null || Array.isArray(event)) {
    throw new DriveshaftError(
      "INVALID_EVENT",
      `the event is ${event === null ? "null" : typeof event}, not an object`,
      {
        hint: HINT,
      },
    );
  }
  const form = "job" in event ? queued : "carto" in event ? onCarto : onDatabase;
  const result = form.safeParse(event);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    const path = ["event", ...issue.path].join(".");
    const what =
      issue.code === "unrecognized_keys"
        ? `${path} has no ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`
        : `${path}: ${issue.message}`;
    throw new DriveshaftError("INVALID_EVENT", what, { hint: HINT });
  }
  const asked = result.data.analysis;
  if (asked !== undefined && asked !== analysis) {
    throw new DriveshaftError("INVALID_EVENT", `the event asks for ${asked}, this function is ${analysis}`, {
      hint: "Each analysis has a function of its own.",
    });
  }
  return result.data;
}
