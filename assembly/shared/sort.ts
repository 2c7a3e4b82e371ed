/** Sorts values[first .. last] ascending, in place: quicksort with a median of three, insertion sort below 24. */
export function sortRange<Values>(values: Values, first: i32, last: i32): void {
  while (last - first > 24) {
    const a = unchecked(values[first]);
    const b = unchecked(values[(first + last) >> 1]);
    const c = unchecked(values[last]);
    const pivot = max(min(a, b), min(max(a, b), c));
    let i = first;
    let j = last;
    while (i <= j) {
      while (unchecked(values[i]) < pivot) i++;
      while (unchecked(values[j]) > pivot) j--;
      if (i <= j) {
        const swap = unchecked(values[i]);
        unchecked((values[i] = values[j]));
        unchecked((values[j] = swap));
        i++;
        j--;
      }
    }
    // recurse into the smaller half, so that the stack stays logarithmic
    if (j - first < last - i) {
      sortRange(values, first, j);
      first = i;
    } else {
      sortRange(values, i, last);
      last = j;
    }
  }
  for (let i = first + 1; i <= last; i++) {
    const value = unchecked(values[i]);
    let j = i - 1;
    while (j >= first && unchecked(values[j]) > value) {
      unchecked((values[j + 1] = values[j]));
      j--;
    }
    unchecked((values[j + 1] = value));
  }
}

/**
 * Number of elements of the ascending run values[first .. first + length) that are below `value`; branch-free steps.
 */
// @ts-ignore: decorator
@inline
export function countBelow<Values>(values: Values, first: i32, length: i32, value: f64): i32 {
  let base = first;
  let span = length;
  while (span > 1) {
    const half = span >> 1;
    base = select<i32>(base + half, base, unchecked(values[base + half - 1]) < value);
    span -= half;
  }
  return base - first + i32(unchecked(values[base]) < value);
}

/** Number of elements of the ascending run values[first .. first + length) that are at most `value`; likewise. */
// @ts-ignore: decorator
@inline
export function countUpTo<Values>(values: Values, first: i32, length: i32, value: f64): i32 {
  let base = first;
  let span = length;
  while (span > 1) {
    const half = span >> 1;
    base = select<i32>(base + half, base, unchecked(values[base + half - 1]) <= value);
    span -= half;
  }
  return base - first + i32(unchecked(values[base]) <= value);
}

/** Sorts keys[first .. last] ascending, in place, each key taking its value along. */
export function sortPairs(keys: StaticArray<f64>, values: StaticArray<i32>, first: i32, last: i32): void {
  while (first < last) {
    const pivot = unchecked(keys[(first + last) >> 1]);
    let i = first;
    let j = last;
    while (i <= j) {
      while (unchecked(keys[i]) < pivot) i++;
      while (unchecked(keys[j]) > pivot) j--;
      if (i <= j) {
        const key = unchecked(keys[i]);
        const value = unchecked(values[i]);
        unchecked((keys[i] = keys[j]));
        unchecked((values[i] = values[j]));
        unchecked((keys[j] = key));
        unchecked((values[j] = value));
        i++;
        j--;
      }
    }
    if (j - first < last - i) {
      sortPairs(keys, values, first, j);
      first = i;
    } else {
      sortPairs(keys, values, i, last);
      last = j;
    }
  }
}

/** The value of a rank among values[first .. last], in whose place it is put: quickselect (Hoare 1961). */
export function selectRank<Values>(values: Values, rank: i32, first: i32, last: i32): f64 {
  while (last > first) {
    const a = unchecked(values[first]);
    const b = unchecked(values[(first + last) >> 1]);
    const c = unchecked(values[last]);
    const pivot = max(min(a, b), min(max(a, b), c));
    let i = first;
    let j = last;
    while (i <= j) {
      while (unchecked(values[i]) < pivot) i++;
      while (unchecked(values[j]) > pivot) j--;
      if (i <= j) {
        const swap = unchecked(values[i]);
        unchecked((values[i] = values[j]));
        unchecked((values[j] = swap));
        i++;
        j--;
      }
    }
    if (rank <= j) last = j;
    else if (rank >= i) first = i;
    else break;
  }
  return unchecked(values[rank]);
}
