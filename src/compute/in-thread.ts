import { Worker } from "node:worker_threads";
import type { Report } from "../job/progress.js";
import { DriveshaftError, type PlainError } from "../errors.js";
import { spare } from "../spare.js";
import { columnBuffers } from "../table/transfer.js";
import type { Computed } from "./compute.js";
import type { Task } from "./read-table.js";

/** What the thread is given, and what it says. */
export interface Order {
  analysis: string;
  task: Task;
}
export type Message = { phase: string; share: number } | { computed: Computed } | { error: PlainError };

/** Starting a thread, and compiling the kernels in it, takes longer than a small task. */
const idle = spare<Worker>((worker) => worker.terminate());

/**
 * What a thread that computes is started with; a module that is more than its program knows by it what it is there for.
 */
export const COMPUTING = "driveshaft: compute";

function hire(program: URL): Worker {
  const worker = idle.take() ?? new Worker(program, { workerData: COMPUTING });
  worker.ref();
  return worker;
}

function release(worker: Worker): void {
  worker.unref();
  idle.give(worker);
}

/**
 * Runs `compute` in a thread of its own, so that heartbeats, cancellation and progress go on beside it. The rows'
 * arrays move there and are gone here, but for ids and what is carried. An aborted signal ends the thread wherever it
 * is.
 * @param program the thread's module, which calls `serveTasks`; the same in all calls of a process
 */
export function computeInThread(
  order: Order,
  report: Report,
  signal?: AbortSignal,
  program = new URL("./thread.js", import.meta.url),
): Promise<Computed> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const worker = hire(program);
    const abort = (): void => dismiss(() => reject(signal!.reason as Error));

    function leave(settle: () => void): void {
      signal?.removeEventListener("abort", abort);
      worker.off("message", hear).off("error", fail).off("exit", exit);
      settle();
    }
    function keep(settle: () => void): void {
      leave(settle);
      release(worker);
    }
    function dismiss(settle: () => void): void {
      void worker.terminate();
      leave(settle);
    }
    function hear(message: Message): void {
      if ("phase" in message) report(message.phase, message.share);
      else if ("computed" in message) keep(() => resolve(message.computed));
      else {
        const { code, message: text, hint } = message.error;
        keep(() => reject(new DriveshaftError(code, text, { hint })));
      }
    }
    function fail(error: Error & { code?: string }): void {
      const memory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
      const cause = memory
        ? new DriveshaftError("OUT_OF_MEMORY", "the computation ran out of memory", { cause: error })
        : error;
      dismiss(() => reject(cause));
    }
    function exit(code: number): void {
      leave(() => reject(new DriveshaftError("INTERNAL", `the computing thread ended with code ${code}`)));
    }
    signal?.addEventListener("abort", abort, { once: true });
    worker.on("message", hear).on("error", fail).on("exit", exit);
    worker.postMessage(order, moving(order.task));
  });
}

/** What the result takes as it came stays: the sink writes it. */
function moving({ tables, ...rows }: Task): ArrayBuffer[] {
  const all = [rows, ...Object.values(tables)];
  const staying = all.flatMap(({ rows: { columns }, choice }) =>
    columnBuffers(columns.filter((_, i) => TAKEN.includes(choice.parameters[i]!))),
  );
  return all.flatMap(({ rows: { columns } }) => columnBuffers(columns)).filter((buffer) => !staying.includes(buffer));
}

/** What results take from rows. */
const TAKEN = ["id", "by", "include"];
