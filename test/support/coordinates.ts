import fc from "fast-check";

/** A coordinate that is taken, of any magnitude. */
export const coordinate: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, -0),
  fc
    .tuple(fc.double({ min: 1e-150, max: 1e150, noNaN: true }), fc.constantFrom(1, -1))
    .map(([size, sign]) => sign * size),
);
