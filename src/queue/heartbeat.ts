import { DriveshaftError } from "../errors.js";
import type { Claim, Queue } from "./queue.js";

/** Milliseconds between two notes of progress, at least. */
const NOTE_EVERY = 200;

/** Milliseconds after which the lease is renewed though there is no progress. */
const RENEW_EVERY = 1000;

/** Keeps a claimed job's lease, and learns whether to go on. */
export interface Heartbeat {
  /** Aborts when the job is canceled, when another worker has it, or when the lease could not be renewed in time. */
  signal: AbortSignal;
  report(phase: string, share: number): void;
  /** The phase that was reported last, and the share done of everything. */
  progress(): [phase: string, share: number];
  /** Something was heard of the job: renews the lease at once, and learns why. */
  renewNow(): void;
  /** Renews no more; what is heard from now on, of a renewal under way too, changes nothing. Resolves when none is. */
  stop(): Promise<void>;
}

export function startHeartbeat(queue: Queue, claim: Claim, leaseMs: number): Heartbeat {
  const stop = new AbortController();
  let phase = "starting";
  let share = 0;
  let noted = "";
  let renewing: Promise<void> | undefined;
  let begun = performance.now();
  let renewed = begun;
  let stopped = false;

  async function renew(): Promise<void> {
    begun = performance.now();
    const at = begun;
    noted = `${phase} ${share}`;
    const standing = await queue.renewLease(claim, phase, share, leaseMs);
    renewed = at;
    if (stopped) return;
    if (standing === "canceled") stop.abort(new DriveshaftError("CANCELED", "the job was canceled"));
    if (standing === "lost") stop.abort(new DriveshaftError("WORKER_LOST", "another worker has taken the job"));
  }
  function renewNow(): void {
    if (stopped) return;
    // a renewal that fails is tried again at the next tick
    renewing ??= renew()
      .catch(() => {})
      .finally(() => (renewing = undefined));
  }
  const timer = setInterval(
    () => {
      const now = performance.now();
      if (now - renewed > leaseMs) {
        const message = "the worker could not renew its lease: its connection to the database is slow or broken";
        stop.abort(new DriveshaftError("CONNECTION_FAILED", message, { cause: new Error("timeout expired") }));
      }
      if (now - begun > Math.min(RENEW_EVERY, leaseMs / 3) || noted !== `${phase} ${share}`) renewNow();
    },
    Math.min(NOTE_EVERY, leaseMs / 6),
  );
  return {
    signal: stop.signal,
    report(now, part) {
      [phase, share] = [now, part];
    },
    progress: () => [phase, share],
    renewNow,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await renewing;
    },
  };
}
