/** Milliseconds that a timer of Node can take; with more it fires at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * Calls `fire` after any time, which may be longer than a timer can take.
 * @returns what calls it off
 */
export function after(ms: number, fire: () => void): () => void {
  let timer: NodeJS.Timeout;
  function wait(left: number): void {
    timer = left > LONGEST ? setTimeout(() => wait(left - LONGEST), LONGEST) : setTimeout(fire, left);
  }
  wait(ms);
  return () => clearTimeout(timer);
}
