import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { DriveshaftError, plainError } from "../errors.js";
import { doorbell, type Doorbell } from "./doorbell.js";
import { linkTo } from "./link.js";
import { queue, type Queue } from "./queue.js";
import { isTransient } from "./transient.js";

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
  tell(topic: string, text: string, before: string): void;
}

/** Milliseconds between two sweeps. */
const SWEEP_EVERY = 60_000;

/** Milliseconds before a broken connection is tried again: from, up to. */
const RECONNECT = [100, 5_000] as const;

/**
 * Takes turns at the queue until told to stop: at once while there is something to do, else when a notification or the poll
 * wakes it. It outlives restarts of the server: a broken connection is made again.
 * @param heard called with the payload of each notification
 * @param turn says whether there was something to do
 * @throws NOT_INSTALLED, VERSION_MISMATCH, and CONNECTION_FAILED where the first connection cannot be made
 */
export async function serve(
  { database, leaseMs = 30_000, pollMs = 5_000, signal, onNotice = () => {} }: ServeOptions,
  turn: (serving: Serving) => Promise<boolean>,
  heard: (payload: string | undefined) => void = () => {},
): Promise<void> {
  const bell = doorbell(signal);
  const link = linkTo(database, leaseMs, (payload) => {
    heard(payload);
    bell.ring();
  });
  const jobs = queue(link);
  // the process id alone may come again on the same machine
  const name = `${hostname()}:${process.pid}:${randomBytes(3).toString("hex")}`;
  const tell = onceEach(onNotice);
  let swept = -Infinity;
  let connected = false;
  let trouble = 0;
  try {
    while (!signal?.aborted) {
      try {
        if (performance.now() - swept > SWEEP_EVERY) {
          swept = performance.now();
          await jobs.sweep();
        }
        const busy = await turn({ jobs, bell, name, tell });
        connected = true;
        trouble = 0;
        tell("connection", "", "");
        if (!busy) await bell.wait(pollMs);
      } catch (error) {
        // a defect or a wrong setup: trying again would hide it
        if (!isTransient(error) || !connected) throw named(error);
        tell("connection", plainError(error).message, "the worker's connection broke, trying again: ");
        await bell.wait(Math.min(RECONNECT[1], RECONNECT[0] * 2 ** trouble++), false);
      }
    }
  } finally {
    await link.end();
  }
}

function onceEach(say: (text: string) => void): (topic: string, text: string, before: string) => void {
  const last = new Map<string, string>();
  return (topic, text, before) => {
    if (text !== "" && last.get(topic) !== text) say(before + text);
    last.set(topic, text);
  };
}

/** An error that ends the worker, in terms of what to do. */
function named(error: unknown): unknown {
  const { code, message } = error as { code?: string; message: string };
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
      return error;
  }
}
