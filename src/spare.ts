/** Milliseconds for which a spare waits. */
const WAITS = 5_000;

/** One thing that is dear to make, kept for a while for whoever needs it next. */
export interface Spare<Thing> {
  /** The thing, if there is one and it fits; it is the taker's then. */
  take(fits?: (thing: Thing) => boolean): Thing | undefined;
  /** Gives a thing back. It is dismissed when its time has come, or where there is one already. */
  give(thing: Thing): void;
}

/** How those that wait in this thread are dismissed. */
const dismissals = new Set<() => unknown>();

/** Dismisses all that wait in this thread before their time. */
export async function dismissSpares(): Promise<void> {
  await Promise.all([...dismissals].map((dismissal) => dismissal()));
}

/** @param dismiss may return a promise of its end */
export function spare<Thing>(dismiss: (thing: Thing) => unknown): Spare<Thing> {
  let waiting: Thing | undefined;
  let timer: NodeJS.Timeout | undefined;
  function take(fits: (thing: Thing) => boolean = () => true): Thing | undefined {
    if (waiting === undefined || !fits(waiting)) return undefined;
    clearTimeout(timer);
    const thing = waiting;
    waiting = undefined;
    return thing;
  }
  function empty(): unknown {
    const thing = take();
    return thing === undefined ? undefined : dismiss(thing);
  }
  function give(thing: Thing): void {
    empty();
    waiting = thing;
    timer = setTimeout(empty, WAITS).unref();
  }
  dismissals.add(empty);
  return { take, give };
}
