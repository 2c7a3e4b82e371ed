/** Milliseconds for which a spare waits. */
const WAITS = 5_000;

/** One thing that is dear to make, kept for a while for whoever needs it next. */
export interface Spare<Thing> {
  /** The thing, if there is one and it fits; it is the taker's then. */
  take(fits?: (thing: Thing) => boolean): Thing | undefined;
  /** Gives a thing back. It is dismissed when its time has come, or where there is one already. */
  give(thing: Thing): void;
}

export function spare<Thing>(dismiss: (thing: Thing) => void): Spare<Thing> {
  let waiting: Thing | undefined;
  let timer: NodeJS.Timeout | undefined;
  function take(fits: (thing: Thing) => boolean = () => true): Thing | undefined {
    if (waiting === undefined || !fits(waiting)) return undefined;
    clearTimeout(timer);
    const thing = waiting;
    waiting = undefined;
    return thing;
  }
  function give(thing: Thing): void {
    const before = take();
    if (before !== undefined) dismiss(before);
    waiting = thing;
    timer = setTimeout(() => dismiss(take()!), WAITS).unref();
  }
  return { take, give };
}
