/** The computing thread: a task at a time, its progress, its result or error. */
import { parentPort } from "node:worker_threads";
import { geometryArrays } from "../geometry/geometry.js";
import { findAnalysis } from "../analyses/index.js";
import { plainError } from "../errors.js";
import { compute } from "./compute.js";
import type { Message, Task } from "./in-thread.js";

const say = (message: Message, transfer: ArrayBuffer[] = []): void => parentPort!.postMessage(message, transfer);

/** Milliseconds between two reports of progress. */
const REPORT_EVERY = 50;

parentPort!.on("message", ({ analysis, parameters, rows, threads }: Task) => {
  let last = 0;
  let lastPhase = "";
  try {
    const computed = compute(findAnalysis(analysis), parameters, rows, threads, (phase, share) => {
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
});
