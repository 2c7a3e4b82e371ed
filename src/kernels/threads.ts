import { Worker } from "node:worker_threads";
import { compile, instantiate, withMemoryErrors, type Kernel } from "./load.js";

/**
 * Starts the other threads on a function, once for each list of arguments, the thread's number put last. The caller makes
 * the same calls as thread 0; threads meet at a barrier inside the kernel. Returns a function that ends the threads.
 */
export type RunThreads = (name: string, calls: number[][]) => () => void;

const PAGE = 65536;

/** The program of a thread, as text, so that bundlers carry it along. */
const program = `
  const { workerData } = require("node:worker_threads");
  const { module, memory, name, calls, thread } = workerData;
  const abort = () => { throw new Error("kernel aborted"); };
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  for (const args of calls) exports[name](...args, thread);
`;

/**
 * Runs one job on several threads in one shared memory. Thread 0, the caller, allocates everything; the others only
 * compute, so their allocators never meet.
 */
export function withThreads<Exports, Result>(
  family: string,
  threads: number,
  job: (kernel: Kernel<Exports>, run: RunThreads) => Result,
): Result {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 2 ** 32 / PAGE, shared: true });
  const module = compile(family, "threads");
  const run: RunThreads = (name, calls) => {
    const workers = Array.from({ length: threads - 1 }, (_, other) => {
      const workerData = { module, memory, name, calls, thread: other + 1 };
      return new Worker(program, { eval: true, execArgv: [], workerData });
    });
    for (const worker of workers) worker.unref();
    return () => {
      for (const worker of workers) void worker.terminate();
    };
  };
  return withMemoryErrors(() => job(instantiate<Exports>(family, "threads", memory), run));
}
