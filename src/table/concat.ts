import type { Places } from "../geometry/place.js";
import type { Geometry } from "../geometry/geometry.js";
import type { Column } from "./column.js";

/** Columns that are computed. */
type Computable = Exclude<Column, { type: "raw" }>;

/** Columns of one type, one after the other. */
export function concat(columns: Computable[]): Computable {
  const [first] = columns;
  if (columns.length === 1) return first!;
  const all = <Type extends Computable["type"]>(type: Type): Of<Type>[] =>
    columns.filter((column): column is Of<Type> => column.type === type);
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

/** Columns of one type that come one by one, to be put one after the other. */
export interface Joining {
  add(column: Computable): void;
  take(): Computable;
}

/**
 * Where it is known how many rows there will be, a column is copied as it comes, and its memory serves the next: fresh
 * memory costs more than the copy. One that is alone stays as it is.
 * @param room rows of all, at most; what is not reached of it costs nothing
 */
export function joining(room: number | undefined): Joining {
  const kept: Computable[] = [];
  let into: Joining | undefined;
  return {
    add(column) {
      if (!into && kept.length === 1 && room !== undefined) {
        into = fillingOf(column.type, room);
        if (into) into.add(kept.pop()!);
      }
      if (into) into.add(column);
      else kept.push(column);
    },
    take: () => into?.take() ?? concat(kept),
  };
}

/** Room for rows of a type that has one element for each. */
function fillingOf(type: Computable["type"], room: number): Joining | undefined {
  switch (type) {
    case "float8":
      return filling<Float64Array>(
        new Float64Array(room),
        (column) => (column as Of<"float8">).values,
        (values) => ({ type, values }),
      );
    case "int4":
      return filling<Int32Array>(
        new Int32Array(room),
        (column) => (column as Of<"int4">).values,
        (values) => ({ type, values }),
      );
    case "text": {
      const numbers = new Map<string | null, number>();
      const codesOf = (column: Computable): Int32Array => codesAmong(column as Of<"text">, numbers);
      return filling<Int32Array>(new Int32Array(room), codesOf, (codes) => {
        return { type, codes, labels: [...numbers.keys()] };
      });
    }
    default:
      return undefined;
  }
}

function filling<A extends Float64Array | Int32Array>(
  into: A,
  elementsOf: (column: Computable) => A,
  columnOf: (elements: A) => Computable,
): Joining {
  let at = 0;
  return {
    add(column) {
      const elements = elementsOf(column);
      into.set(elements, at);
      at += elements.length;
    },
    take: () => columnOf(into.subarray(0, at) as A),
  };
}

type Of<Type extends Computable["type"]> = Computable & { type: Type };

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
function concatLabels(columns: Of<"text">[]): Of<"text"> {
  const numbers = new Map<string | null, number>();
  const codes = columns.map((column) => codesAmong(column, numbers));
  return { type: "text", codes: concatInt32(codes), labels: [...numbers.keys()] };
}

/** The codes of a column, as those of its labels among all, to which new ones are added. */
function codesAmong({ codes, labels }: Of<"text">, numbers: Map<string | null, number>): Int32Array {
  const own = labels.map((label) => {
    if (!numbers.has(label)) numbers.set(label, numbers.size);
    return numbers.get(label)!;
  });
  if (own.every((code, i) => code === i)) return codes;
  return codes.map((code) => own[code] ?? code);
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
