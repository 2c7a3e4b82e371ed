import { DriveshaftError } from "../errors.js";
import { instantiateSync, type ASUtil } from "@assemblyscript/loader";
import { readKernel } from "./read.js";

/**
 * The kernel modules. `fast` is for use; `checked` raises on any index out of range and runs in the tests
 * (DRIVESHAFT_KERNELS=checked); `threads` runs on shared memory.
 */
export type Build = "fast" | "checked" | "threads";

/** A pointer into the memory of an instance. */
export type Pointer = number;

/** What every module exports beside its functions. */
export interface HostExports {
  reset(): void;
  FLOAT64_ARRAY: { valueOf(): unknown };
  INT32_ARRAY: { valueOf(): unknown };
}

/**
 * An instance of a module, held by one job. Allocate and copy in first, call, then read. A view is on the memory itself:
 * it ends with the next allocation or with the job, whichever comes first.
 */
export interface Kernel<Exports> {
  call: Exports;
  memory: WebAssembly.Memory;
  /** Copies an array in, or allocates one of zeros. */
  float64(values: Float64Array | number): Pointer;
  int32(values: Int32Array | number): Pointer;
  viewFloat64(pointer: Pointer): Float64Array;
  viewInt32(pointer: Pointer): Int32Array;
  /** Copies an array out. */
  readFloat64(pointer: Pointer): Float64Array;
  readInt32(pointer: Pointer): Int32Array;
}

const compiled = new Map<string, WebAssembly.Module>();

/** The build that this process uses where threads do not ask for theirs. */
function defaultBuild(): Build {
  return process.env.DRIVESHAFT_KERNELS === "checked" ? "checked" : "fast";
}

export function compile(family: string, build: Build): WebAssembly.Module {
  const name = `${build}/${family}`;
  let module = compiled.get(name);
  if (!module) {
    module = new WebAssembly.Module(readKernel(family, build));
    compiled.set(name, module);
  }
  return module;
}

export function instantiate<Exports>(family: string, build: Build, memory?: WebAssembly.Memory): Kernel<Exports> {
  const { exports } = instantiateSync<ASUtil & HostExports & Record<string, unknown>>(
    compile(family, build),
    memory ? { env: { memory } } : {},
  );
  function allocate(name: "FLOAT64_ARRAY" | "INT32_ARRAY", values: Float64Array | Int32Array | number): Pointer {
    const pointer = exports.__newArray(Number(exports[name].valueOf()), values);
    // the memory may have served another job
    if (typeof values === "number") (exports.__getArrayView(pointer) as Float64Array | Int32Array).fill(0);
    return pointer;
  }
  const viewFloat64 = (pointer: Pointer): Float64Array => exports.__getFloat64ArrayView(pointer);
  const viewInt32 = (pointer: Pointer): Int32Array => exports.__getInt32ArrayView(pointer);
  return {
    call: exports as Exports,
    memory: memory ?? exports.memory!,
    float64: (values) => allocate("FLOAT64_ARRAY", values),
    int32: (values) => allocate("INT32_ARRAY", values),
    viewFloat64,
    viewInt32,
    readFloat64: (pointer) => viewFloat64(pointer).slice(),
    readInt32: (pointer) => viewInt32(pointer).slice(),
  };
}

/** Instances waiting for their next job, at most one a family. */
const idle = new Map<string, Kernel<unknown>>();

/** Larger memories leave with their job. */
export const KEPT_BYTES = 64 * 1024 * 1024;

/**
 * Runs one job on an instance of its own. Fresh memory costs more than the arithmetic on it (a page fault takes some
 * microseconds, and a small job touches thousands of pages), so an instance of modest size is kept for the next job.
 */
export function withKernel<Exports, Result>(family: string, job: (kernel: Kernel<Exports>) => Result): Result {
  const build = defaultBuild();
  const name = `${build}/${family}`;
  const kernel = (idle.get(name) as Kernel<Exports> | undefined) ?? instantiate<Exports>(family, build);
  idle.delete(name);
  // an instance whose job threw is not used again
  const result = withMemoryErrors(() => job(kernel));
  if (kernel.memory.buffer.byteLength <= KEPT_BYTES) {
    (kernel.call as HostExports).reset();
    idle.set(name, kernel);
  }
  return result;
}

/** A module that cannot grow its memory traps as unreachable; an array above 1 GiB is refused by its allocator. */
export function withMemoryErrors<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    const { message } = cause as Error;
    const trapped = cause instanceof WebAssembly.RuntimeError && message === "unreachable";
    if (!trapped && !/allocation too large|Invalid length/i.test(message)) throw cause;
    throw new DriveshaftError("OUT_OF_MEMORY", "the computation does not fit into the memory of a kernel", {
      hint: "One array ends at 1 GiB, all together at 4 GiB. Use fewer rows, or fewer neighbors.",
      cause,
    });
  }
}
