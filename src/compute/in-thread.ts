import { Worker } from "node:worker_threads";
import type { Report } from "../analyses/analysis.js";
import type { Rows } from "../columns.js";
import { DriveshaftError, type PlainError } from "../errors.js";
import { geometryArrays } from "../geometry/geometry.js";
import type { Computed } from "./compute.js";

/** What the thread is given, and what it says. */
export interface Task {
  analysis: string;
  parameters: Record<string, unknown>;
  rows: Rows;
}
export type Message = { phase: string; share: number } | { computed: Computed } | { error: PlainError };

/**
 * Runs `compute` in a thread of its own, so that heartbeats, cancellation and progress go on beside it. The rows' arrays
 * move there and are gone here. An aborted signal ends the thread wherever it is.
 */
export function computeInThread(task: Task, report: Report, signal?: AbortSignal): Promise<Computed> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const worker = new Worker(new URL("./thread.js", import.meta.url), {
      workerData: task,
      transferList: buffers(task.rows),
    });
    const abort = (): void => finish(() => reject(signal!.reason as Error));
    function finish(settle: () => void): void {
      signal?.removeEventListener("abort", abort);
      void worker.terminate();
      settle();
    }
    signal?.addEventListener("abort", abort, { once: true });
    worker.on("message", (message: Message) => {
      if ("phase" in message) report(message.phase, message.share);
      else if ("computed" in message) finish(() => resolve(message.computed));
      else {
        const { code, message: text, hint } = message.error;
        finish(() => reject(new DriveshaftError(code, text, { hint })));
      }
    });
    worker.on("error", (error: Error & { code?: string }) => {
      const memory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
      finish(() =>
        reject(
          memory ? new DriveshaftError("OUT_OF_MEMORY", "the computation ran out of memory", { cause: error }) : error,
        ),
      );
    });
    worker.on("exit", (code) => {
      if (code !== 0)
        finish(() => reject(new DriveshaftError("INTERNAL", `the computing thread ended with code ${code}`)));
    });
  });
}

/** The buffers of the large arrays, to be moved instead of copied. */
function buffers({ geometry, values, ids }: Rows): ArrayBuffer[] {
  const arrays = [...geometryArrays(geometry), ...Object.values(values)];
  // the ids stay: the sink writes them
  const keep = new Set<ArrayBufferLike>([ids.bytes.buffer, ids.offsets.buffer]);
  return [...new Set(arrays.map((array) => array.buffer as ArrayBuffer))].filter((buffer) => !keep.has(buffer));
}
