/** What the host needs of every module: the end of a job's allocations, and type ids. */

/** Where the next allocation will be. */
export function top(): usize {
  return heap.alloc(0);
}

/** Forgets what was allocated above `kept`, or all, so that the instance can serve another job. */
export function reset(kept: usize): void {
  heap.reset();
  const bottom = heap.alloc(0);
  if (kept > bottom) heap.alloc(kept - bottom);
}

/** Type ids that the host needs to allocate typed arrays in the memory of a module. */
export const FLOAT64_ARRAY = idof<Float64Array>();
export const INT32_ARRAY = idof<Int32Array>();
