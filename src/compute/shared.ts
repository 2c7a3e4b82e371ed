/**
 * The same value with its arrays of numbers in memory that all threads see, so that it costs nothing to hand it on. The
 * value is plain: objects, arrays and what they hold.
 */
export function shared<Value>(value: Value): Value {
  return copy(value) as Value;
}

function copy(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return inSharedMemory(value);
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copy(part)]));
}

function inSharedMemory(array: ArrayBufferView): ArrayBufferView {
  const { buffer, byteOffset, byteLength } = array;
  if (buffer instanceof SharedArrayBuffer) return array;
  const bytes = new Uint8Array(new SharedArrayBuffer(byteLength));
  bytes.set(new Uint8Array(buffer, byteOffset, byteLength));
  const Kind = array.constructor as new (buffer: SharedArrayBuffer) => ArrayBufferView;
  return new Kind(bytes.buffer);
}
