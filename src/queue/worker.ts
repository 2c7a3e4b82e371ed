import { findAnalysis } from "../analyses/index.js";
import type { PlainError } from "../errors.js";
import { attempt, retryAfter } from "./attempt.js";
import type { Connections, ConnectionsSource } from "./connections.js";
import type { Heartbeat } from "./heartbeat.js";
import type { Claim } from "./queue.js";
import { keepSessions } from "./sessions.js";
import { serve, type ServeOptions, type Serving } from "./serve.js";
import { endStrays } from "./strays.js";

export interface WorkerOptions extends ServeOptions {
  /** A connection for each role whose jobs it runs. */
  connections: ConnectionsSource;
  /** Wait before the second attempt at a job; each further one is five times as long, up to 5 min. Default 1 s. */
  retryMs?: number;
  /** Threads that the computation of a job may use, default 1. */
  threads?: number;
  onStart?(claim: Claim): void;
  /** @param error what went wrong, undefined where the job is ready */
  onEnd?(claim: Claim, error: PlainError | undefined, ms: number): void;
}

/**
 * Runs the jobs of the engine `worker` one after the other until told to stop.
 * @throws what `serve` throws
 */
export async function work(options: WorkerOptions): Promise<void> {
  const { leaseMs = 30_000, pollMs = 5_000, retryMs = 1_000, threads = 1, onStart, onEnd } = options;
  let connections: Connections = await options.connections();
  const sessions = keepSessions();
  let current: { job: string; heartbeat: Heartbeat } | undefined;
  let inspectedAt = -Infinity;
  let inspecting = false;

  async function runNext({ jobs, bell, name, notice, inBackground }: Serving): Promise<boolean> {
    const claim = await jobs.claim(name, Object.keys(connections), leaseMs);
    if (!inspecting && performance.now() - inspectedAt > pollMs) inBackground(inspectQueue({ jobs, notice }));
    if (!claim) return false;
    onStart?.(claim);
    const since = performance.now();
    const settings = { leaseMs, retryMs, threads, find: findAnalysis, sessions, strays: noticeLeft(notice) };
    const { outcome, reported } = await attempt(jobs, claim, connections[claim.requester]!, settings, (heartbeat) => {
      current = { job: claim.job, heartbeat };
    });
    current = undefined;
    const ms = performance.now() - since;
    if (outcome?.transient) setTimeout(bell.ring, retryAfter(claim, retryMs) + 10).unref();
    // the password may have changed
    if (outcome?.error.code === "CONNECTION_FAILED") {
      connections = await options.connections().catch(() => connections);
    }
    // a queue that cannot be reached now holds up nobody else's job
    inBackground(reported.then((after) => onEnd?.(claim, after?.error, ms)));
    return true;
  }

  /** What is done now and then, whether there are jobs or not, and holds up none. */
  async function inspectQueue({ jobs, notice }: Pick<Serving, "jobs" | "notice">): Promise<void> {
    [inspecting, inspectedAt] = [true, performance.now()];
    try {
      await endStrays(jobs, connections, noticeLeft(notice));
      const others = await jobs.unserved(Object.keys(connections));
      notice(
        "unserved",
        others.map((other) => `${other.requester} (${other.jobs})`).join(", "),
        "leaving jobs alone, for want of a connection: ",
      );
    } finally {
      inspecting = false;
    }
  }

  try {
    await serve(options, runNext, (payload) => {
      if (current?.job === payload) current?.heartbeat.renewNow();
    });
  } finally {
    await sessions.end();
  }
}

const noticeLeft =
  (notice: Serving["notice"]) =>
  (requester: string, why: string): void =>
    notice(`strays of ${requester}`, why, `backends of ${requester} are left for now: `);
