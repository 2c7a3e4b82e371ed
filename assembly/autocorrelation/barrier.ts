/**
 * A reusable barrier for `threads` threads on one shared memory: none returns before all have called. `barrier` holds
 * two words, the arrivals and the generation. Without threads it is nothing.
 */
// @ts-ignore: decorator
@inline
export function meet(barrier: Int32Array, threads: i32): void {
  if (threads == 1) return;
  if (ASC_FEATURE_THREADS) wait(barrier.dataStart, threads);
  else assert(false, "this build has no threads");
}

function wait(words: usize, threads: i32): void {
  const generation = atomic.load<i32>(words, 4);
  if (atomic.add<i32>(words, 1) == threads - 1) {
    atomic.store<i32>(words, 0);
    atomic.add<i32>(words, 1, 4);
    atomic.notify(words + 4, threads);
  } else {
    while (atomic.load<i32>(words, 4) == generation) atomic.wait<i32>(words + 4, generation, -1);
  }
}
