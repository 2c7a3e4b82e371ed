import { parentPort } from "node:worker_threads";
import { geometryArrays } from "../geometry/geometry.js";
import type { Analysis } from "../analyses/analysis.js";
import { plainError } from "../errors.js";
import { compute } from "./compute.js";
import type { Message, Task } from "./in-thread.js";

const say = (message: Message, transfer: ArrayBuffer[] = []): void => parentPort!.postMessage(message, transfer);

/** Milliseconds between two reports of progress. */
const REPORT_EVERY = 50;

/** The computing thread: takes a task at a time, tells its progress, then its result or error. */
export function serveTasks(find: (name: string) => Analysis): void {
  parentPort!.on("message", (task: Task) => serve(task, find));
}

function serve({ analysis, parameters, rows, threads }: Task, find: (name: string) => Analysis): void {
  let last = 0;
  let lastPhase = "";
  try {
    const computed = compute(find(analysis), parameters, rows, threads, (phase, share) => {
      const now = performance.now();
      if (phase === lastPhase && now - last < REPORT_EVERY) return;
      last = now;
      lastPhase = phase;
      say({ phase, share });
    });
    const { columns, geometry } = computed.table;
    const arrays = [
      ...columns.map(({ data }) => (data.type === "text" ? data.codes : data.values)),
      ...(geometry ? geometryArrays(geometry) : []),
    ];
    say({ computed }, [...new Set(arrays.map((array) => array.buffer as ArrayBuffer))]);
  } catch (error) {
    say({ error: plainError(error) });
  }
}
