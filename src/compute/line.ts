import { sizeOf, type Groups } from "./groups.js";

/**
 * Groups in the order in which threads take them, each the next one: the largest first, so that none is left to one
 * thread while the others are done; those of the same rows one after the other, as they have weights in common.
 */
export interface Line {
  groups: Int32Array;
  /** Seen by all threads: how many groups were taken, how many are done, how many rows were computed. */
  state: Int32Array;
}

const [TAKEN, DONE, ROWS] = [0, 1, 2];

export function lineUp(groups: Groups): Line {
  const { begins } = groups;
  const all = Int32Array.from({ length: groups.count }, (_, group) => group);
  return {
    groups: all.sort((a, b) => sizeOf(groups, b) - sizeOf(groups, a) || begins[a]! - begins[b]! || a - b),
    state: new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)),
  };
}

/** The group that the calling thread is to run; undefined where none is left. */
export const takeNext = ({ groups, state }: Line): number | undefined => groups[Atomics.add(state, TAKEN, 1)];

/** How many groups were taken. */
export const takenOf = ({ groups, state }: Line): number => Math.min(Atomics.load(state, TAKEN), groups.length);

/** Nobody takes a group any more. */
export const takeNone = ({ groups, state }: Line): void => void Atomics.store(state, TAKEN, groups.length);

/** Counts rows of groups that were run. */
export const addRows = ({ state }: Line, rows: number): void => void Atomics.add(state, ROWS, rows);
export const rowsDone = ({ state }: Line): number => Atomics.load(state, ROWS);

/** Notes that so many groups are done, and can be had of the thread that took them. */
export function setDone({ state }: Line, count: number): void {
  Atomics.add(state, DONE, count);
  Atomics.notify(state, DONE);
}

/** Milliseconds between two looks around while a thread waits. */
const LOOK_EVERY = 50;

/** Waits until all groups are done. */
export function waitForAll({ groups, state }: Line, meanwhile: () => void): void {
  for (let done = 0; done < groups.length; done = Atomics.load(state, DONE)) {
    Atomics.wait(state, DONE, done, LOOK_EVERY);
    meanwhile();
  }
}
