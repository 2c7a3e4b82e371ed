import assert from "node:assert/strict";

/** Equal to a relative error, 1e-9 where not said. */
export function close(actual: number, expected: number, tolerance = 1e-9): void {
  const error = Math.abs(actual - expected) / Math.max(Math.abs(expected), Number.MIN_VALUE);
  assert.ok(error <= tolerance, `${actual} should be ${expected}, relative error ${error}`);
}

export function allClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-9): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    const scale = Math.max(1, Math.abs(expected[i]!));
    assert.ok(
      Math.abs(actual[i]! - expected[i]!) <= tolerance * scale,
      `element ${i}: ${actual[i]} should be ${expected[i]}`,
    );
  }
}

/** A test of what assert.throws should see of a DriveshaftError. */
export function failure(code: string, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    const { code: actual, message: text } = error as { code?: string; message?: string };
    assert.equal(actual, code, text);
    assert.match(text!, message);
    return true;
  };
}
