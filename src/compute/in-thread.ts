import { Worker } from "node:worker_threads";
import type { Report } from "../job/progress.js";
import { DriveshaftError, type PlainError } from "../errors.js";
import { spare } from "../spare.js";
import type { Raw } from "../table/raw.js";
import { columnBuffers } from "../table/transfer.js";
import type { Computed } from "./compute.js";
import type { Call } from "./helpers.js";
import type { Task } from "./read-table.js";

/** What the thread is given, and what it says. */
export interface Order {
  analysis: string;
  task: Task;
  /** Milliseconds that helpers take to start. */
  start: number;
}
export type Message =
  { phase: string; share: number } | { calls: Call[] } | { computed: Computed } | { error: PlainError };

/**
 * Starting a thread, and compiling the kernels in it, takes longer than a small task. The first of a crew computes, the
 * others help it with groups.
 */
const idle = spare<Worker[]>((crew) => dismiss(crew));

/**
 * What a thread that computes is started with; a module that is more than its program knows by it what it is there for.
 */
export const COMPUTING = "driveshaft: compute";

/** Milliseconds that helpers take to start, with all that they import and compile for their first groups. */
const START = 400;

/** The same where they wait for it: what is left should be worth sharing. */
const READY = 100;

/**
 * Runs `compute` in a thread of its own, so that heartbeats, cancellation and progress go on beside it; with groups it
 * may ask for others, which are started here, as it does not hear of one that dies. The rows' arrays move there and are
 * gone here, but for ids and what is carried. An aborted signal ends the threads wherever they are.
 * @param program the threads' module, which calls `serveTasks`; the same in all calls of a process
 */
export function computeInThread(
  { start, ...order }: Omit<Order, "start"> & { start?: number },
  report: Report,
  signal?: AbortSignal,
  program = new URL("./thread.js", import.meta.url),
): Promise<Computed> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const crew = idle.take() ?? [];
    crew.forEach(watch);
    const first = crew[0] ?? begin();
    const abort = (): void => end(() => reject(signal!.reason as Error));

    function begin(): Worker {
      const worker = new Worker(program, { workerData: COMPUTING });
      worker.unref();
      crew.push(worker);
      watch(worker);
      return worker;
    }
    function watch(worker: Worker): void {
      worker.on("error", fail).on("exit", exit);
    }
    function leave(settle: () => void): void {
      signal?.removeEventListener("abort", abort);
      for (const worker of crew) worker.off("error", fail).off("exit", exit);
      first.off("message", hear).unref();
      settle();
    }
    function keep(settle: () => void): void {
      leave(settle);
      idle.give(crew);
    }
    function end(settle: () => void): void {
      void dismiss(crew);
      leave(settle);
    }
    function call(calls: Call[]): void {
      for (const [i, each] of calls.entries()) (crew[i + 1] ?? begin()).postMessage(each, [each.port]);
    }
    function hear(message: Message): void {
      if ("phase" in message) report(message.phase, message.share);
      else if ("calls" in message) call(message.calls);
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
      end(() => reject(cause));
    }
    function exit(code: number): void {
      end(() => reject(new DriveshaftError("INTERNAL", `a computing thread ended with code ${code}`)));
    }
    signal?.addEventListener("abort", abort, { once: true });
    first.on("message", hear).ref();
    const helpersStart = crew.length > 1 ? READY : START;
    const task = withoutIncluded(order.task);
    first.postMessage({ ...order, task, start: start ?? helpersStart } satisfies Order, moving(task));
  });
}

const dismiss = (crew: Worker[]): Promise<unknown> => Promise.all(crew.map((worker) => worker.terminate()));

/** What is included is of no use to the thread: the sink has it from here. */
const NOTHING: Raw = {
  type: "raw",
  sqlType: "",
  encoding: "bytes",
  bytes: new Uint8Array(),
  offsets: new Uint32Array(1),
};

function withoutIncluded(task: Task): Task {
  const { choice, rows } = task;
  const columns = rows.columns.map((column, i) => (choice.parameters[i] === "include" ? NOTHING : column));
  return { ...task, rows: { ...rows, columns } };
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
