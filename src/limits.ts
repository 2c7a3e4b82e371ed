import { constrainedMemory, memoryUsage } from "node:process";
import { totalmem } from "node:os";
import { DriveshaftError } from "./errors.js";

/** What a job may use. Undefined: as much as it wants, of memory what the machine has. */
export interface Limits {
  seconds?: number | undefined;
  rows?: number | undefined;
  memoryMb?: number | undefined;
}

/** Share of the machine's memory, or of the container's, that a process may take before it ends its job itself. */
const MEMORY_SHARE = 0.8;

/** Milliseconds between two looks at the memory of the process. */
const LOOK_EVERY = 50;

/** The limits that a job's own parameters set. */
export function limitsOf(parameters: unknown): Limits {
  const { timeout, row_limit, memory_limit } = (parameters ?? {}) as Record<string, number | undefined>;
  return { seconds: timeout, rows: row_limit, memoryMb: memory_limit };
}

/** The stricter of two limits, each by each. */
export function stricter(a: Limits, b: Limits): Limits {
  const least = (x?: number, y?: number): number | undefined =>
    x === undefined ? y : y === undefined ? x : Math.min(x, y);
  return {
    seconds: least(a.seconds, b.seconds),
    rows: least(a.rows, b.rows),
    memoryMb: least(a.memoryMb, b.memoryMb),
  };
}

/**
 * Runs something that stops when the signal it is given aborts: after its time, before the process runs out of memory, or
 * when `outer` aborts. What it throws then is the reason.
 */
export async function within<Result>(
  limits: Limits,
  outer: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController();
  const end = (): void => stop.abort(outer!.reason);
  if (outer?.aborted) end();
  outer?.addEventListener("abort", end, { once: true });

  const { seconds } = limits;
  const timer =
    seconds === undefined
      ? undefined
      : setTimeout(() => {
          const message = `the job took longer than its ${seconds} s`;
          const hint = "Give it more with the parameter timeout, or fewer rows or permutations.";
          stop.abort(new DriveshaftError("TIMEOUT", message, { hint }));
        }, seconds * 1000);

  const megabytes = limits.memoryMb ?? machineMemory();
  const looking = setInterval(() => {
    if (memoryUsage.rss() <= megabytes * 2 ** 20) return;
    const message = `the job took more than ${Math.round(megabytes)} MB of memory`;
    const hint = "Use fewer rows or neighbors, give it more with the parameter memory_limit, or use a larger machine.";
    stop.abort(new DriveshaftError("OUT_OF_MEMORY", message, { hint }));
  }, LOOK_EVERY);
  try {
    return await run(stop.signal);
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    clearTimeout(timer);
    clearInterval(looking);
    outer?.removeEventListener("abort", end);
  }
}

function machineMemory(): number {
  const container = constrainedMemory();
  const bytes = container > 0 ? Math.min(container, totalmem()) : totalmem();
  return (MEMORY_SHARE * bytes) / 2 ** 20;
}
