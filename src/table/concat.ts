import type { Places } from "../geometry/place.js";
import type { Geometry } from "../geometry/geometry.js";
import type { Column } from "./column.js";

/** Columns that are computed. */
type Computable = Exclude<Column, { type: "raw" }>;

/** Columns of one type, one after the other. */
export function concat(columns: Computable[]): Computable {
  const [first] = columns;
  if (columns.length === 1) return first!;
  const all = <Type extends Computable["type"]>(type: Type): (Computable & { type: Type })[] =>
    columns.filter((column): column is Computable & { type: Type } => column.type === type);
  switch (first!.type) {
    case "float8":
      return { type: "float8", values: float64(all("float8").map(({ values }) => values)) };
    case "int4":
      return { type: "int4", values: concatInt32(all("int4").map(({ values }) => values)) };
    case "int8":
      return { type: "int8", values: int64(all("int8").map(({ values }) => values)) };
    case "bool":
      return { type: "bool", values: uint8(all("bool").map(({ values }) => values)) };
    case "text":
      return concatLabels(all("text"));
    case "geometry":
      return concatPlaces(all("geometry"));
    default:
      return {
        type: first!.type,
        values: columns.flatMap((column) => (column as { values: unknown[] }).values),
      } as never;
  }
}

const total = (parts: ArrayLike<unknown>[]): number => parts.reduce((sum, part) => sum + part.length, 0);

function joined<A extends Float64Array | Int32Array | Uint8Array | BigInt64Array>(into: A, parts: A[]): A {
  let at = 0;
  for (const part of parts) {
    into.set(part as never, at);
    at += part.length;
  }
  return into;
}

const float64 = (parts: Float64Array[]): Float64Array => joined(new Float64Array(total(parts)), parts);
export const concatInt32 = (parts: Int32Array[]): Int32Array => joined(new Int32Array(total(parts)), parts);
const int64 = (parts: BigInt64Array[]): BigInt64Array => joined(new BigInt64Array(total(parts)), parts);
const uint8 = (parts: Uint8Array[]): Uint8Array => joined(new Uint8Array(total(parts)), parts);

/** Labels that are the same have one code. */
function concatLabels(columns: (Column & { type: "text" })[]): Column & { type: "text" } {
  const numbers = new Map<string | null, number>();
  const codes = columns.map(({ codes, labels }) => {
    const own = labels.map((label) => {
      if (!numbers.has(label)) numbers.set(label, numbers.size);
      return numbers.get(label)!;
    });
    return codes.map((code) => own[code] ?? code);
  });
  return { type: "text", codes: concatInt32(codes), labels: [...numbers.keys()] };
}

function concatPlaces(columns: Places[]): Places {
  const geometries = columns.map(({ geometry }) => geometry);
  const array = <Name extends keyof Geometry>(name: Name): Geometry[Name][] => geometries.map((one) => one[name]);
  return {
    ...columns[0]!,
    geometry: {
      xs: float64(array("xs")),
      ys: float64(array("ys")),
      ringOffsets: offsets(array("ringOffsets")),
      holes: uint8(array("holes")),
      featureOffsets: offsets(array("featureOffsets")),
      kinds: uint8(array("kinds")),
    },
  };
}

/** Offsets into arrays that come one after the other. */
function offsets(parts: Int32Array[]): Int32Array {
  let before = 0;
  const shifted = parts.map((part) => {
    const moved = part.subarray(1).map((offset) => before + offset);
    before += part.at(-1)!;
    return moved;
  });
  return concatInt32([Int32Array.of(0), ...shifted]);
}
