import { parentPort } from "node:worker_threads";
import { geometryArrays } from "../geometry/geometry.js";
import type { Analysis } from "../analyses/analysis.js";
import { buffersOf } from "../table/columns.js";
import { plainError } from "../errors.js";
import { idArrays } from "../table/raw.js";
import { compute, type Computed } from "./compute.js";
import type { Message, Task } from "./in-thread.js";

const say = (message: Message, transfer: ArrayBuffer[] = []): void => parentPort!.postMessage(message, transfer);

/** Milliseconds between two reports of progress. */
const REPORT_EVERY = 50;

/** The computing thread: takes a task at a time, tells its progress, then its result or error. */
export function serveTasks(find: (name: string) => Analysis): void {
  parentPort!.on("message", (task: Task) => serve(task, find));
}

/** The large arrays of a result. */
function arraysOf({ table: { columns, geometry }, pairs }: Computed): ArrayBufferView[] {
  return [
    ...columns.map(({ data }) => (data.type === "text" ? data.codes : data.values)),
    ...(geometry ? geometryArrays(geometry) : []),
    ...(pairs ? [...idArrays(pairs.focal), pairs.neighbor.lengths, ...pairs.neighbor.chunks] : []),
  ];
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
    say({ computed }, buffersOf(arraysOf(computed)));
  } catch (error) {
    say({ error: plainError(error) });
  }
}
