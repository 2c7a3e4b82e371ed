/** Told the share done of the step at hand, 0 to 1. */
export type Progress = (share: number) => void;

/** The part of a progress between two shares of it. */
export function part(progress: Progress | undefined, from: number, to: number): Progress {
  return (share) => progress?.(from + (to - from) * share);
}

/** Tells what is being done, and the share of it done, 0 to 1. */
export type Report = (phase: string, share: number) => void;
