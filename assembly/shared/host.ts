/** What the host needs of every module: the end of a job's allocations, and type ids. */

/** Forgets all that was allocated, so that the instance can serve another job. */
export function reset(): void {
  heap.reset();
}

/** Type ids that the host needs to allocate typed arrays in the memory of a module. */
export const FLOAT64_ARRAY = idof<Float64Array>();
export const INT32_ARRAY = idof<Int32Array>();
