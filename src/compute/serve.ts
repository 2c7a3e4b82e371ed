import { parentPort, type Transferable } from "node:worker_threads";
import type { Analysis } from "../analyses/analysis.js";
import { plainError } from "../errors.js";
import { columnBuffers } from "../table/transfer.js";
import { compute } from "./compute.js";
import { help, helpersBy, type Call } from "./helpers.js";
import type { Message, Order } from "./in-thread.js";
import { ownColumns } from "./result.js";

const say = (message: Message, transfer: Transferable[] = []): void => parentPort!.postMessage(message, transfer);

/** Milliseconds between two reports of progress. */
const REPORT_EVERY = 50;

/** The computing thread: takes a task at a time, tells its progress, then its result or error; or helps another. */
export function serveTasks(find: (name: string) => Analysis): void {
  parentPort!.on("message", (order: Order | Call) => ("port" in order ? help(order, find) : serve(order, find)));
}

function serve({ analysis, task, start }: Order, find: (name: string) => Analysis): void {
  let last = 0;
  let lastPhase = "";
  function report(phase: string, share: number): void {
    const now = performance.now();
    if (phase === lastPhase && now - last < REPORT_EVERY) return;
    last = now;
    lastPhase = phase;
    say({ phase, share });
  }
  const call = (calls: Call[]): void =>
    say(
      { calls },
      calls.map(({ port }) => port),
    );
  try {
    const helpers = task.threads > 1 ? helpersBy(task.threads, start, call) : undefined;
    const computed = compute(find(analysis), task, report, helpers);
    say({ computed }, columnBuffers(ownColumns(computed)));
  } catch (error) {
    say({ error: plainError(error) });
  }
}
