import { after } from "../timer.js";

/** Something to wait at until it rings. A ring while nobody waits is kept. */
export interface Doorbell {
  ring(): void;
  /** @param wakeable false to wait the whole time, unless the bell's signal aborts */
  wait(ms: number, wakeable?: boolean): Promise<void>;
}

export function doorbell(signal: AbortSignal | undefined): Doorbell {
  let rung = false;
  let wake = (): void => {};
  function ring(): void {
    rung = true;
    wake();
  }
  signal?.addEventListener("abort", ring);
  return {
    ring,
    async wait(ms, wakeable = true) {
      if (!rung || (!wakeable && !signal?.aborted)) {
        await new Promise<void>((resolve) => {
          const callOff = after(ms, resolve);
          wake = () => {
            if (!wakeable && !signal?.aborted) return;
            callOff();
            resolve();
          };
        });
      }
      rung = false;
    },
  };
}
