import { startHeartbeat, type Heartbeat } from "./heartbeat.js";
import type { Claim, Queue } from "./queue.js";
import { runClaim, type Outcome, type RunOptions } from "./run-claim.js";

/** How the attempts of a worker are made. */
export interface AttemptOptions extends RunOptions {
  /** Wait before the second attempt at a job; each further one is five times as long, up to 5 min. */
  retryMs: number;
}

/** Milliseconds between two attempts at a job, at most. */
const LONGEST_RETRY = 300_000;

/** Milliseconds between two tries to report how an attempt failed. */
const REPORT_EVERY = 100;

/** How long a job waits for its next attempt after a transient error. */
export const retryAfter = ({ attempt }: Claim, retryMs: number): number =>
  Math.min(LONGEST_RETRY, retryMs * 5 ** (attempt - 1));

/** An attempt whose work is over. */
export interface Attempt {
  /** What it ended with, as far as is known. */
  outcome: Outcome;
  /** Resolves when the queue knows, with what it ended with after all. Never rejects. */
  reported: Promise<Outcome>;
}

/**
 * One attempt at a claimed job: keeps its lease while it runs, and until the queue knows what it ended with. Whatever
 * goes wrong is an outcome of the attempt; nothing is thrown.
 * @param url the requester's connection
 * @param started gets the heartbeat of the attempt
 */
export async function attempt(
  jobs: Queue,
  claim: Claim,
  url: string,
  options: AttemptOptions,
  started: (heartbeat: Heartbeat) => void = () => {},
): Promise<Attempt> {
  const heartbeat = startHeartbeat(jobs, claim, options.leaseMs);
  started(heartbeat);
  const outcome = await runClaim(jobs, claim, url, heartbeat, options);
  return { outcome, reported: reportFailure(jobs, claim, outcome, options).finally(() => heartbeat.stop()) };
}

/** Reports how an attempt failed, as long as the job may still be ours: until then nobody else may take it. */
async function reportFailure(
  jobs: Queue,
  claim: Claim,
  outcome: Outcome,
  { leaseMs, retryMs }: AttemptOptions,
): Promise<Outcome> {
  if (!outcome) return undefined;
  const { error, transient } = outcome;
  const until = performance.now() + leaseMs;
  while (performance.now() < until) {
    // a queue that cannot be reached now is tried again
    const answer = await jobs
      .fail(claim, error, transient ? retryAfter(claim, retryMs) : undefined)
      .catch(() => "busy");
    // published, though its connection broke before the answer came
    if (answer === "ready") return undefined;
    if (answer !== "busy") return outcome;
    await new Promise((resolve) => setTimeout(resolve, REPORT_EVERY));
  }
  return outcome;
}
