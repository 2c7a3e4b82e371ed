import { DriveshaftError } from "../errors.js";
import { watchMemory, type MemoryLimits } from "./memory.js";
import { after } from "../timer.js";

/** What a job may use. Undefined: as much as it wants. */
export interface Limits extends MemoryLimits {
  seconds?: number | undefined;
  rows?: number | undefined;
}

/** The limits that a job's own parameters set. */
export function limitsOf(parameters: unknown): Limits {
  const { timeout, row_limit, memory_limit } = (parameters ?? {}) as Record<string, unknown>;
  // what is no number is refused with the other parameters
  const number = (given: unknown): number | undefined => (typeof given === "number" ? given : undefined);
  return { seconds: number(timeout), rows: number(row_limit), memoryMb: number(memory_limit) };
}

/** The stricter of two limits, each by each. */
export function stricter(a: Limits, b: Limits): Limits {
  const least = (x?: number, y?: number): number | undefined =>
    x === undefined ? y : y === undefined ? x : Math.min(x, y);
  return {
    seconds: least(a.seconds, b.seconds),
    rows: least(a.rows, b.rows),
    memoryMb: least(a.memoryMb, b.memoryMb),
    processMb: least(a.processMb, b.processMb),
  };
}

/**
 * Runs something that stops when the signal it is given aborts: after its time, before the process runs out of memory,
 * or when `outer` aborts. What it throws then is the reason.
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
  const callOff =
    seconds === undefined
      ? undefined
      : after(seconds * 1000, () => {
          const message = `the job took longer than its ${seconds} s`;
          const hint = "Give it more with the parameter timeout, or fewer rows or permutations.";
          stop.abort(new DriveshaftError("TIMEOUT", message, { hint }));
        });

  const endWatch = watchMemory(limits, (error) => stop.abort(error));
  try {
    return await run(stop.signal);
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    callOff?.();
    outer?.removeEventListener("abort", end);
    await endWatch();
  }
}
