/** Typed arrays that grow by doubling: what is read row by row before its length is known. */

type Numeric = Float64Array | Int32Array | Uint32Array | Uint8Array;

export interface Growable<A extends Numeric> {
  readonly length: number;
  push(value: number): void;
  /** Appends the elements of an array between `start` and `end`. */
  append(from: A, start: number, end: number): void;
  /** What was pushed, in an array of its own. */
  take(): A;
  /** The same without a copy, in an array that may be larger. */
  view(): A;
}

export const growFloat64 = (): Growable<Float64Array> => grow(Float64Array);
export const growInt32 = (): Growable<Int32Array> => grow(Int32Array);
export const growUint32 = (): Growable<Uint32Array> => grow(Uint32Array);
export const growUint8 = (): Growable<Uint8Array> => grow(Uint8Array);

function grow<A extends Numeric>(Type: new (length: number) => A): Growable<A> {
  // small at first, as each of many groups may build some
  let array = new Type(8);
  let length = 0;
  function reserve(more: number): void {
    if (length + more <= array.length) return;
    const larger = new Type(Math.max(length + more, array.length * 2));
    larger.set(array);
    array = larger;
  }
  return {
    get length() {
      return length;
    },
    push(value) {
      if (length === array.length) reserve(1);
      array[length++] = value;
    },
    append(from, start, end) {
      reserve(end - start);
      // few elements are copied faster one by one than by a view
      if (end - start <= 64) for (let i = start; i < end; i++) array[length++] = from[i]!;
      else {
        array.set(from.subarray(start, end), length);
        length += end - start;
      }
    },
    take() {
      return array.slice(0, length) as A;
    },
    view() {
      return array.subarray(0, length) as A;
    },
  };
}
