import { DriveshaftError } from "../errors.js";
import type { Claim, Queue } from "./queue.js";

/** Milliseconds between two notes of progress, at least. */
const NOTE_EVERY = 200;

/** Milliseconds after which a beat is due though there is no progress. */
const BEAT_EVERY = 1000;

/** Keeps a claimed job's lease, and learns whether to go on. */
export interface Heart {
  /** Aborts when the job is canceled, when another worker has it, or when the lease could not be renewed in time. */
  signal: AbortSignal;
  report(phase: string, share: number): void;
  /** The phase that was reported last, and the share done of everything. */
  progress(): [phase: string, share: number];
  /** Something was heard of the job: looks at once. */
  look(): void;
  /** Beats no more; what is heard from now on, of a beat under way too, changes nothing. Resolves when none is. */
  stop(): Promise<void>;
}

export function startHeart(queue: Queue, claim: Claim, leaseMs: number): Heart {
  const stop = new AbortController();
  let phase = "starting";
  let share = 0;
  let noted = "";
  let beating: Promise<void> | undefined;
  let begun = performance.now();
  let renewed = begun;
  let stopped = false;

  async function beat(): Promise<void> {
    begun = performance.now();
    const at = begun;
    noted = `${phase} ${share}`;
    const standing = await queue.beat(claim, phase, share, leaseMs);
    renewed = at;
    if (stopped) return;
    if (standing === "canceled") stop.abort(new DriveshaftError("CANCELED", "the job was canceled"));
    if (standing === "lost") stop.abort(new DriveshaftError("WORKER_LOST", "another worker has taken the job"));
  }
  function look(): void {
    if (stopped) return;
    // a beat that fails is tried again at the next tick
    beating ??= beat()
      .catch(() => {})
      .finally(() => (beating = undefined));
  }
  const timer = setInterval(
    () => {
      const now = performance.now();
      if (now - renewed > leaseMs) {
        const message = "the worker could not renew its lease: its connection to the database is slow or broken";
        stop.abort(new DriveshaftError("CONNECTION_FAILED", message, { cause: new Error("timeout expired") }));
      }
      if (now - begun > Math.min(BEAT_EVERY, leaseMs / 3) || noted !== `${phase} ${share}`) look();
    },
    Math.min(NOTE_EVERY, leaseMs / 6),
  );
  return {
    signal: stop.signal,
    report(now, part) {
      [phase, share] = [now, part];
    },
    progress: () => [phase, share],
    look,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await beating;
    },
  };
}
