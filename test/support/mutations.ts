import fc from "fast-check";

type Change = (from: Buffer) => Buffer;

/** The bytes with a few changes: a bit turned, a byte or a word put in, a piece left out, doubled or cut off. */
export function mutated(bytes: Uint8Array): fc.Arbitrary<Buffer> {
  const at = fc.nat(bytes.length - 1);
  const word = fc.constantFrom(0, 1, 4, 0x7fffffff, 0x80000000, 0xffffffff, 0x7ff00000, 0x0000f07f);
  const turn = (place: number, bit: number): Change => {
    return (from) => put(place, (from[place] ?? 0) ^ (1 << bit))(from);
  };
  const put = (place: number, byte: number): Change => {
    return (from) => {
      if (place < from.length) from[place] = byte;
      return from;
    };
  };
  const putWord = (place: number, value: number): Change => {
    return (from) => {
      if (place + 4 <= from.length) from.writeUInt32BE(value, place);
      return from;
    };
  };
  const leaveOut = (place: number, length: number): Change => {
    return (from) => Buffer.concat([from.subarray(0, place), from.subarray(place + length)]);
  };
  const double = (start: number, length: number): Change => {
    return (from) => Buffer.concat([from.subarray(0, start + length), from.subarray(start)]);
  };
  const cut = (end: number): Change => {
    return (from) => Buffer.from(from.subarray(0, end));
  };
  const change: fc.Arbitrary<Change> = fc.oneof(
    fc.tuple(at, fc.nat(7)).map((drawn) => turn(...drawn)),
    fc.tuple(at, fc.nat(255)).map((drawn) => put(...drawn)),
    fc.tuple(at, word).map((drawn) => putWord(...drawn)),
    fc.tuple(at, fc.nat(12)).map((drawn) => leaveOut(...drawn)),
    fc.tuple(at, at).map((drawn) => double(...drawn)),
    at.map(cut),
  );
  return fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce<Buffer>((from, apply) => apply(from), Buffer.from(bytes)));
}
