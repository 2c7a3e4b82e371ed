import { DriveshaftError } from "../errors.js";

const signals = ["SIGINT", "SIGTERM"] as const;

/**
 * Runs something that SIGINT and SIGTERM stop, by a signal that aborts, so that it can clean up. A second one ends the
 * process at once.
 */
export async function interruptible<Result>(run: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const stop = new AbortController();
  const interrupt = (name: string): void => {
    for (const signal of signals) process.off(signal, interrupt);
    stop.abort(new DriveshaftError("CANCELED", `interrupted by ${name}`));
  };
  for (const signal of signals) process.on(signal, interrupt);
  try {
    return await run(stop.signal);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}
