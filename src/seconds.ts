import { DriveshaftError } from "./errors.js";

/** Seconds of a day: what waits longer for something has been set up by mistake. */
const DAY = 86_400;

/**
 * A time in seconds, as an option or a variable gives it.
 * @param name what gives it, such as `--poll`
 * @returns milliseconds
 * @throws INVALID_PARAMETER where it is not from `least` to a day
 */
export function readSeconds(name: string, given: string | undefined, byDefault: number, least: number): number {
  const seconds = given === undefined ? byDefault : given.trim() === "" ? NaN : Number(given);
  if (seconds >= least && seconds <= DAY) return seconds * 1000;
  throw new DriveshaftError("INVALID_PARAMETER", `${name} is ${given}, expected seconds from ${least} to ${DAY}`);
}
