import { Worker } from "node:worker_threads";
import { DriveshaftError } from "../errors.js";
import { spare } from "../spare.js";
import { instantiate, KEPT_BYTES, withMemoryErrors, type HostExports, type Kernel } from "./load.js";
import type { ThreadedModule } from "./module.js";

/** What a function of a module is called with. */
export type Arguments = (number | boolean)[];

/**
 * Starts the other threads on a function, once for each of their lists of arguments, the thread's number put last. The
 * caller then makes the calls of thread 0. Where threads meet inside the kernel, at a barrier, all make the same calls.
 * Returns a function that waits for the other threads.
 */
export type RunThreads = (name: string, callsOf: (thread: number) => Arguments[]) => () => void;

/** Threads on one memory, in which thread 0, the caller, allocates everything, so that allocators never meet. */
interface Team {
  name: string;
  kernel: Kernel<HostExports>;
  others: Worker[];
  /** [0]: how many of the others are done with what they were started on; [1]: how many of them failed. */
  done: Int32Array;
}

const PAGE = 65536;

/** The program of a thread, as text, so that bundlers carry it along. */
const program = `
  const { parentPort, workerData } = require("node:worker_threads");
  const { module, memory, done, thread } = workerData;
  const abort = () => { throw new Error("kernel aborted"); };
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  parentPort.on("message", ({ name, calls }) => {
    try {
      for (const args of calls) exports[name](...args, thread);
    } catch {
      Atomics.add(done, 1, 1);
    }
    Atomics.add(done, 0, 1);
    Atomics.notify(done, 0);
  });
`;

const compiled = new Map<string, WebAssembly.Module>();

function assemble(of: ThreadedModule<unknown>, threads: number): Team {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 2 ** 32 / PAGE, shared: true });
  const module = compiled.get(of.name) ?? new WebAssembly.Module(of.threads());
  compiled.set(of.name, module);
  const done = new Int32Array(new SharedArrayBuffer(8));
  const others = Array.from({ length: threads - 1 }, (_, other) => {
    const workerData = { module, memory, done, thread: other + 1 };
    return new Worker(program, { eval: true, execArgv: [], workerData });
  });
  for (const worker of others) worker.unref();
  return { name: of.name, kernel: instantiate<HostExports>(module, memory), others, done };
}

/** Starting threads takes longer than most jobs. */
const idle = spare<Team>(disband);

function disband({ others }: Team): void {
  for (const worker of others) void worker.terminate();
}

/** Runs one job on several threads in one shared memory. */
export function withThreads<Exports, Result>(
  module: ThreadedModule<Exports>,
  threads: number,
  job: (kernel: Kernel<Exports>, run: RunThreads) => Result,
): Result {
  const team =
    idle.take((waiting) => waiting.name === module.name && waiting.others.length === threads - 1) ??
    assemble(module, threads);
  const { kernel, others, done } = team;
  const run: RunThreads = (name, callsOf) => {
    done.fill(0);
    others.forEach((worker, other) => worker.postMessage({ name, calls: callsOf(other + 1) }));
    return () => {
      for (let count = done[0]!; count < others.length; count = Atomics.load(done, 0)) Atomics.wait(done, 0, count);
      if (done[1]! > 0) throw new DriveshaftError("INTERNAL", "a thread of the kernel failed");
    };
  };
  let whole = false;
  try {
    const result = withMemoryErrors(() => job(kernel as unknown as Kernel<Exports>, run));
    whole = true;
    return result;
  } finally {
    // threads whose job threw may be waiting for each other
    if (whole && kernel.memory.buffer.byteLength <= KEPT_BYTES) {
      kernel.reset();
      idle.give(team);
    } else disband(team);
  }
}
