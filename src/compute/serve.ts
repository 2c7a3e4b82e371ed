import { parentPort } from "node:worker_threads";
import type { Analysis } from "../analyses/analysis.js";
import { plainError } from "../errors.js";
import { columnBuffers } from "../table/transfer.js";
import { compute } from "./compute.js";
import type { Message, Order } from "./in-thread.js";
import { ownColumns } from "./result.js";

const say = (message: Message, transfer: ArrayBuffer[] = []): void => parentPort!.postMessage(message, transfer);

/** Milliseconds between two reports of progress. */
const REPORT_EVERY = 50;

/** The computing thread: takes a task at a time, tells its progress, then its result or error. */
export function serveTasks(find: (name: string) => Analysis): void {
  parentPort!.on("message", (order: Order) => serve(order, find));
}

function serve({ analysis, task }: Order, find: (name: string) => Analysis): void {
  let last = 0;
  let lastPhase = "";
  try {
    const computed = compute(find(analysis), task, (phase, share) => {
      const now = performance.now();
      if (phase === lastPhase && now - last < REPORT_EVERY) return;
      last = now;
      lastPhase = phase;
      say({ phase, share });
    });
    say({ computed }, columnBuffers(ownColumns(computed)));
  } catch (error) {
    say({ error: plainError(error) });
  }
}
