/** Grows the memory for so many bytes to come, and no further: by itself it doubles. */
export function reserve(bytes: i32): void {
  const pages = <i32>((heap.alloc(0) + <usize>bytes + 0xffff) >> 16) - memory.size();
  if (pages > 0) memory.grow(pages);
}
