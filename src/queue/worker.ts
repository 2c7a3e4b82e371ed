import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { DriveshaftError, plainError, type PlainError } from "../errors.js";
import type { Connections, ConnectionsSource } from "./connections.js";
import { doorbell } from "./doorbell.js";
import { startHeart, type Heart } from "./heart.js";
import { linkTo } from "./link.js";
import { queue, type Claim, type Queue } from "./queue.js";
import { terminate } from "./requester.js";
import { runClaim, type Outcome } from "./run-claim.js";
import { isTransient } from "./transient.js";

export interface WorkerOptions {
  /** The worker's own connection, as the role that `driveshaft install --worker` named. */
  database: string;
  /** A connection for each role whose jobs it runs. */
  connections: ConnectionsSource;
  /** How long a job stays with a silent worker, default 30 s. */
  leaseMs?: number;
  /** How often it looks for jobs unasked, default 5 s. */
  pollMs?: number;
  /** Wait before the second attempt at a job; each further one is five times as long, up to 5 min. Default 1 s. */
  retryMs?: number;
  /** Threads that the computation of a job may use, default 1. */
  threads?: number;
  /** Ends the worker after the job at hand. */
  signal?: AbortSignal;
  onStart?(claim: Claim): void;
  /** @param error what went wrong, undefined where the job is ready */
  onEnd?(claim: Claim, error: PlainError | undefined, ms: number): void;
  /** Something that an operator should know. */
  onNotice?(text: string): void;
}

/** Milliseconds between two sweeps. */
const SWEEP_EVERY = 60_000;

/** Milliseconds before a broken connection of the worker's own is tried again: from, up to. */
const RECONNECT = [100, 5_000] as const;

/** Milliseconds between two attempts at a job, at most. */
const LONGEST_RETRY = 300_000;

/**
 * Runs jobs one after the other until told to stop. A notification wakes it; the poll finds what no one told of. It outlives
 * restarts of the server: a broken connection is made again.
 * @throws NOT_INSTALLED, VERSION_MISMATCH, and CONNECTION_FAILED where the first connection cannot be made
 */
export async function work(options: WorkerOptions): Promise<void> {
  const { database, leaseMs = 30_000, pollMs = 5_000, retryMs = 1_000, signal } = options;
  const { onStart, onEnd, onNotice = () => {} } = options;
  let connections: Connections = await options.connections();
  const bell = doorbell(signal);
  let hand: { job: string; heart: Heart } | undefined;
  const link = linkTo(database, leaseMs, (payload) => {
    if (hand?.job === payload) hand?.heart.look();
    bell.ring();
  });
  const jobs = queue(link);
  // the process id alone may come again on the same machine
  const name = `${hostname()}:${process.pid}:${randomBytes(3).toString("hex")}`;
  const tell = onceEach(onNotice);
  let swept = -Infinity;
  let strangers = -Infinity;

  async function runNext(): Promise<boolean> {
    const claim = await jobs.claim(name, Object.keys(connections), leaseMs);
    if (!claim) return false;
    onStart?.(claim);
    const since = performance.now();
    const heart = startHeart(jobs, claim, leaseMs);
    hand = { job: claim.job, heart };
    let outcome: Outcome;
    try {
      await endStrays();
      outcome = await runClaim(jobs, claim, connections[claim.requester]!, heart, leaseMs / 3, options.threads ?? 1);
      if (outcome) {
        const wait = Math.min(LONGEST_RETRY, retryMs * 5 ** (claim.attempt - 1));
        await reportFailure(jobs, claim, outcome, wait, leaseMs);
        if (outcome.transient) setTimeout(bell.ring, wait + 10).unref();
        // the password may have changed
        if (outcome.error.code === "CONNECTION_FAILED")
          connections = await options.connections().catch(() => connections);
      }
    } finally {
      hand = undefined;
      await heart.stop();
    }
    onEnd?.(claim, outcome?.error, performance.now() - since);
    return true;
  }

  /** Ends backends of attempts whose workers were lost. */
  async function endStrays(): Promise<void> {
    const strays = await jobs.strayBackends(Object.keys(connections));
    for (const requester of new Set(strays.map((stray) => stray.requester))) {
      const theirs = strays.filter((stray) => stray.requester === requester);
      try {
        await terminate(connections[requester]!, theirs);
      } catch (error) {
        tell(`strays of ${requester}`, plainError(error).message, `backends of ${requester} are left for now: `);
        continue;
      }
      for (const backend of theirs) await jobs.forgetBackend(backend);
    }
  }

  /** What is done now and then, whether there are jobs or not. */
  async function lookAround(): Promise<void> {
    const now = performance.now();
    if (now - swept > SWEEP_EVERY) {
      swept = now;
      await jobs.sweep();
    }
    if (now - strangers > pollMs) {
      strangers = now;
      await endStrays();
      const others = await jobs.unserved(Object.keys(connections));
      tell(
        "unserved",
        others.map((other) => `${other.requester} (${other.jobs})`).join(", "),
        "leaving jobs alone, for want of a connection: ",
      );
    }
  }

  let connected = false;
  let trouble = 0;
  try {
    while (!signal?.aborted) {
      try {
        await lookAround();
        const ran = await runNext();
        connected = true;
        trouble = 0;
        tell("connection", "", "");
        if (!ran) await bell.wait(pollMs);
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

/** Tells what a claim ended with, as long as the job may still be ours: until then nobody else may take it. */
async function reportFailure(
  jobs: Queue,
  claim: Claim,
  outcome: NonNullable<Outcome>,
  wait: number,
  leaseMs: number,
): Promise<void> {
  const until = performance.now() + leaseMs;
  for (;;) {
    try {
      await jobs.fail(claim, outcome.error, outcome.transient ? wait : undefined);
      return;
    } catch (error) {
      if (!isTransient(error) || performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, RECONNECT[0]));
    }
  }
}

/** Says something when it is new, by its topic; an empty text is silence. */
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
