import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { DriveshaftError, plainError } from "../errors.js";
import { doorbell, type Doorbell } from "./doorbell.js";
import { linkTo } from "./link.js";
import { QueueError } from "./queue-error.js";
import { queue, type Queue } from "./queue.js";

export interface ServeOptions {
  /** The server's own connection, as the role that `driveshaft install --worker` named. */
  database: string;
  /** How long a job stays with a silent worker, default 30 s. */
  leaseMs?: number;
  /** How often it looks for jobs unasked, default 5 s. */
  pollMs?: number;
  /** Ends it after the job at hand. */
  signal?: AbortSignal | undefined;
  /** Something that an operator should know. */
  onNotice?(text: string): void;
}

/** What a turn works with. */
export interface Serving {
  jobs: Queue;
  bell: Doorbell;
  /** The name under which jobs are claimed. */
  name: string;
  /** Says something when it is new, by its topic; an empty text is silence. */
  notice(topic: string, text: string, before: string): void;
  /** Goes on while turns are taken, and is waited for at the end. */
  inBackground(task: Promise<unknown>): void;
}

/** Milliseconds between two sweeps. */
const SWEEP_EVERY = 60_000;

/** Milliseconds after which another turn is tried when one has failed: from, up to. */
const AGAIN = [100, 5_000] as const;

/**
 * Takes turns at the queue until told to stop: at once while there is something to do, else when a notification or the
 * poll wakes it. Once it has taken a turn, it outlives whatever happens in one, and restarts of the server: only a
 * database that has come to another version ends it.
 * @param onNotification called with the payload of each notification
 * @param turn says whether there was something to do
 * @throws NOT_INSTALLED, VERSION_MISMATCH, and CONNECTION_FAILED where the first connection cannot be made
 */
export async function serve(
  { database, leaseMs = 30_000, pollMs = 5_000, signal, onNotice = () => {} }: ServeOptions,
  turn: (serving: Serving) => Promise<boolean>,
  onNotification: (payload: string | undefined) => void = () => {},
): Promise<void> {
  const bell = doorbell(signal);
  const link = linkTo(database, leaseMs, (payload) => {
    onNotification(payload);
    bell.ring();
  });
  const jobs = queue(link);
  // the process id alone may come again on the same machine
  const name = `${hostname()}:${process.pid}:${randomBytes(3).toString("hex")}`;
  const notice = onceEach(onNotice);
  const open = new Set<Promise<unknown>>();
  function inBackground(task: Promise<unknown>): void {
    const going = task
      .catch((error: unknown) => notice("task", plainError(error).message, "something in the background failed: "))
      .finally(() => open.delete(going));
    open.add(going);
  }
  let swept = -Infinity;
  let served = false;
  let failures = 0;
  try {
    while (!signal?.aborted) {
      try {
        const busy = await turn({ jobs, bell, name, notice, inBackground });
        served = true;
        failures = 0;
        notice("turn", "", "");
        if (performance.now() - swept > SWEEP_EVERY) {
          swept = performance.now();
          inBackground(jobs.sweep());
        }
        if (!busy) await bell.wait(pollMs);
      } catch (error) {
        const reason = inOurTerms(error);
        if (endsServing(reason, served)) throw reason;
        notice("turn", plainError(reason).message, "something went wrong, trying again: ");
        await bell.wait(Math.min(AGAIN[1], AGAIN[0] * 2 ** failures++), false);
      }
    }
  } finally {
    await Promise.all(open);
    await link.end();
  }
}

/** Whether a failed turn is no accident, but a wrong setup, which trying again would hide. */
function endsServing(reason: unknown, served: boolean): boolean {
  const { code } = reason as { code?: string };
  return code === "VERSION_MISMATCH" || (!served && (code === "NOT_INSTALLED" || isUnreachable(reason)));
}

/** There is no connection at all. */
const isUnreachable = (reason: unknown): boolean =>
  reason instanceof DriveshaftError && reason.code === "CONNECTION_FAILED" && !(reason instanceof QueueError);

function onceEach(say: (text: string) => void): (topic: string, text: string, before: string) => void {
  const last = new Map<string, string>();
  return (topic, text, before) => {
    if (text !== "" && last.get(topic) !== text) say(before + text);
    last.set(topic, text);
  };
}

/** What the queue failed with, in terms of what to do. */
function inOurTerms(error: unknown): unknown {
  if (!(error instanceof QueueError)) return error;
  const { code, message } = error.cause as { code?: string; message: string };
  switch (code) {
    case "3F000":
      return new DriveshaftError("NOT_INSTALLED", "the database has no Driveshaft", {
        hint: "Run driveshaft install.",
        cause: error,
      });
    case "42501":
      return new DriveshaftError("NOT_INSTALLED", "the worker's role may not claim jobs", {
        hint: "Run driveshaft install --worker ROLE.",
        cause: error,
      });
    case "42883":
    case "DS002":
      return new DriveshaftError("VERSION_MISMATCH", `the database has another version of Driveshaft: ${message}`, {
        hint: "Run driveshaft install with this version, or the worker of that version.",
        cause: error,
      });
    default:
      return error.cause instanceof DriveshaftError ? error.cause : error;
  }
}
