import { DriveshaftError } from "../errors.js";
import { instantiateSync, type ASUtil } from "@assemblyscript/loader";
import type { KernelModule } from "./module.js";
import type { Float64Pointer, Int32Pointer, Pointer } from "./pointer.js";

/** What every module exports beside its functions. */
export interface HostExports {
  top(): number;
  reset(kept: number): void;
  FLOAT64_ARRAY: { valueOf(): unknown };
  INT32_ARRAY: { valueOf(): unknown };
}

/**
 * An instance of a module, held by one job. Allocate and copy in first, call, then read. A view is on the memory
 * itself: it ends with the next allocation or with the job, whichever comes first.
 */
export interface Kernel<Exports> {
  call: Exports;
  memory: WebAssembly.Memory;
  /** Copies an array in, or allocates one of zeros. */
  float64(values: Float64Array | number): Float64Pointer;
  int32(values: Int32Array | number): Int32Pointer;
  viewFloat64(pointer: Float64Pointer): Float64Array;
  viewInt32(pointer: Int32Pointer): Int32Array;
  /** Copies an array out. */
  readFloat64(pointer: Float64Pointer): Float64Array;
  readInt32(pointer: Int32Pointer): Int32Array;
  /**
   * What `make` leaves in the memory, or left there in an earlier job that asked for the same. To be asked for before
   * anything is allocated.
   */
  kept<Class extends string>(key: string, make: () => Pointer<Class>): Pointer<Class>;
  /** Forgets everything else, at the end of a job. */
  reset(): void;
}

/** An instance of a compiled module, on a memory of its own unless one is given. */
export function instantiate<Exports>(module: WebAssembly.Module, memory?: WebAssembly.Memory): Kernel<Exports> {
  const { exports } = instantiateSync<ASUtil & HostExports & Record<string, unknown>>(
    module,
    memory ? { env: { memory } } : {},
  );
  function allocate(name: "FLOAT64_ARRAY" | "INT32_ARRAY", values: Float64Array | Int32Array | number): number {
    const pointer = exports.__newArray(Number(exports[name].valueOf()), values);
    // the memory may have served another job
    if (typeof values === "number") (exports.__getArrayView(pointer) as Float64Array | Int32Array).fill(0);
    return pointer;
  }
  let held: { key: string; pointer: number; top: number } | undefined;
  function kept<Class extends string>(key: string, make: () => Pointer<Class>): Pointer<Class> {
    if (held?.key !== key) {
      exports.reset(0);
      held = { key, pointer: make(), top: exports.top() };
    }
    return held.pointer as Pointer<Class>;
  }
  const viewFloat64 = (pointer: Float64Pointer): Float64Array => exports.__getFloat64ArrayView(pointer);
  const viewInt32 = (pointer: Int32Pointer): Int32Array => exports.__getInt32ArrayView(pointer);
  return {
    call: exports as Exports,
    memory: memory ?? exports.memory!,
    float64: (values) => allocate("FLOAT64_ARRAY", values) as Float64Pointer,
    int32: (values) => allocate("INT32_ARRAY", values) as Int32Pointer,
    viewFloat64,
    viewInt32,
    readFloat64: (pointer) => viewFloat64(pointer).slice(),
    readInt32: (pointer) => viewInt32(pointer).slice(),
    kept,
    reset: () => exports.reset(held?.top ?? 0),
  };
}

/** Compiled modules, and of each an instance that waits for its next job, by name. */
const compiled = new Map<string, WebAssembly.Module>();
const idle = new Map<string, Kernel<unknown>>();

function compile({ name, fast, checked }: KernelModule<unknown>): WebAssembly.Module {
  let module = compiled.get(name);
  if (!module) {
    module = new WebAssembly.Module(process.env.DRIVESHAFT_KERNELS === "checked" ? checked() : fast());
    compiled.set(name, module);
  }
  return module;
}

/** Larger memories leave with their job. */
export const KEPT_BYTES = 64 * 1024 * 1024;

/**
 * Runs one job on an instance of its own. Fresh memory costs more than the arithmetic on it (a page fault takes some
 * microseconds, and a small job touches thousands of pages), so an instance of modest size is kept for the next job.
 */
export function withKernel<Exports, Result>(
  module: KernelModule<Exports>,
  job: (kernel: Kernel<Exports>) => Result,
): Result {
  const { name } = module;
  const kernel = (idle.get(name) as Kernel<Exports> | undefined) ?? instantiate<Exports>(compile(module));
  idle.delete(name);
  // an instance whose job threw is not used again
  const result = withMemoryErrors(() => job(kernel));
  if (kernel.memory.buffer.byteLength <= KEPT_BYTES) {
    kernel.reset();
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
