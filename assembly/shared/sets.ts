/** Sets of numbers by union-find with path halving. Tarjan and van Leeuwen (1984), doi:10.1145/62.2160. */

/** The root of a number's set; `parents` has another of the same set for each, or itself at the root. */
export function find(parents: StaticArray<i32>, i: i32): i32 {
  while (unchecked(parents[i]) != i) {
    unchecked((parents[i] = parents[parents[i]]));
    i = unchecked(parents[i]);
  }
  return i;
}

/** Makes one set of two; its root is the lowest of their members. */
// @ts-ignore: decorator
@inline
export function unite(parents: StaticArray<i32>, i: i32, j: i32): void {
  const a = find(parents, i);
  const b = find(parents, j);
  unchecked((parents[max(a, b)] = min(a, b)));
}

/** So many sets of one. */
export function singles(n: i32): StaticArray<i32> {
  const parents = new StaticArray<i32>(n);
  for (let i = 0; i < n; i++) unchecked((parents[i] = i));
  return parents;
}
