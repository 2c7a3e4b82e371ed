import { DriveshaftError } from "../errors.js";

/**
 * Milliseconds kept for stopping: ending what runs on the server, and telling the queue. At most this share of all
 * there is.
 */
const RESERVE = 10_000;
const RESERVE_SHARE = 0.2;

/** Aborts shortly before a function's time is up, with an error that says how far it had come. */
export interface Deadline {
  signal: AbortSignal;
  stop(): void;
}

/**
 * @param leftMs the time that the function has
 * @param progress the phase it is in, and the share done of everything, 0 to 1
 */
export function startDeadline(leftMs: number, progress: () => [phase: string, share: number] | undefined): Deadline {
  const end = new AbortController();
  const timer = setTimeout(
    () => {
      const [phase, share] = progress() ?? ["starting", 0];
      const message = `the function's ${Math.round(leftMs / 1000)} s ran out in the phase ${phase}, with ${Math.round(100 * share)} % done`;
      const hint =
        "Give the function more memory, and with it more processor; ask for fewer rows or permutations; or let a worker run the job, with the engine worker.";
      end.abort(new DriveshaftError("TIMEOUT", message, { hint }));
    },
    Math.max(0, leftMs - Math.min(RESERVE, RESERVE_SHARE * leftMs)),
  );
  return { signal: end.signal, stop: () => clearTimeout(timer) };
}
