import { DriveshaftError, shown } from "../errors.js";
import { dateText, timestampText } from "./dates.js";
import { labelsOf } from "./labels.js";
import { numericText } from "./numeric.js";
import { isNull, rawText, viewOf, type Raw } from "./raw.js";

/** When rows are. Instants are in UTC, whatever the time zone of a session. */
export interface Times {
  /** Numbers are as they came; dates are days and instants microseconds, both from 2000-01-01. */
  unit: TimeUnit;
  /** NaN where a row has none. f64 of shape (n,) */
  values: Float64Array;
  /** Instants came without a time zone, and are taken as UTC. */
  zoneless: boolean;
}

export type TimeUnit = "number" | "day" | "microsecond";

/** Microseconds of a day. */
export const DAY = 86_400_000_000;

/** @param name of the column, for errors */
export function timesOf(column: Raw, name: string): Times {
  const { bytes, offsets, encoding } = column;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const times = (unit: TimeUnit, read: (at: number, row: number) => number, zoneless = false): Times => {
    const values = new Float64Array(offsets.length - 1);
    for (let row = 0; row < values.length; row++) values[row] = isNull(column, row) ? NaN : read(offsets[row]!, row);
    return { unit, values, zoneless };
  };
  const date = (at: number): number => inRange(view.getInt32(at), 1);
  const instant = (at: number): number => inRange(readInt64(view, at), DAY);
  switch (encoding) {
    case "date":
      return times("day", date);
    case "timestamp":
      return times("microsecond", instant, true);
    case "timestamptz":
      return times("microsecond", instant);
    case "integer":
      return times("number", (at, row) => readInteger(view, at, offsets[row + 1]! - at));
    case "float4":
      return times("number", (at) => view.getFloat32(at));
    case "float8":
      return times("number", (at) => view.getFloat64(at));
    case "numeric":
      return times("number", (_, row) => Number(numericText(viewOf(column, row))));
    default:
      return ofTexts(column, name);
  }
}

/** A time as people write it. */
export function timeText(unit: TimeUnit, value: number): string {
  if (unit === "number") return String(value);
  return unit === "day" ? dateText(value) : timestampText(BigInt(value));
}

/** Days from 2000-01-01 to the ends of time, in both directions: what a Date can hold. */
const MOST_DAYS = 99_000_000;

/** What lies beyond, as the server's infinities do, is no time. */
const inRange = (time: number, perDay: number): number => (Math.abs(time) <= MOST_DAYS * perDay ? time : NaN);

const readInt64 = (view: DataView, at: number): number => view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4);

function readInteger(view: DataView, at: number, size: number): number {
  return size === 8 ? readInt64(view, at) : size === 4 ? view.getInt32(at) : view.getInt16(at);
}

/** Each text is read once: there are few times and many rows. */
function ofTexts(column: Raw, name: string): Times {
  const labels = labelsOf(column);
  const known: (Written | undefined)[] = [];
  labels.forEach((label, row) => {
    if (label === known.length) known.push(written(rawText(column, row).trim(), name));
  });
  const units = new Set(known.flatMap((one) => one?.unit ?? []));
  if (units.has("number") && units.size > 1) {
    throw new DriveshaftError("WRONG_COLUMN_TYPE", `the column ${shown(name)} has numbers among its dates`, {
      hint: "Bring all of its times into one form.",
    });
  }
  const unit = units.has("microsecond") ? "microsecond" : units.has("day") ? "day" : "number";
  const values = Float64Array.from(labels, (label) => {
    const one = known[label];
    if (!one) return NaN;
    // among instants a date is its beginning
    return one.unit === "day" && unit === "microsecond" ? one.value * DAY : one.value;
  });
  return { unit, values, zoneless: unit === "microsecond" && known.some((one) => one?.zoneless) };
}

interface Written {
  unit: TimeUnit;
  value: number;
  zoneless: boolean;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const ISO =
  /^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6})\d*)?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?)?$/i;

/** A time as files write it, undefined where the text is empty. @throws WRONG_COLUMN_TYPE */
function written(text: string, name: string): Written | undefined {
  if (text === "") return undefined;
  if (NUMBER.test(text)) return { unit: "number", value: Number(text), zoneless: false };
  const [, year, month, date = "1", hours, minutes, seconds = "0", fraction = "", zone] = ISO.exec(text) ?? [];
  const day = dayOf(Number(year), Number(month), Number(date));
  const [h, m, s] = [hours ?? 0, minutes ?? 0, seconds].map(Number) as [number, number, number];
  if (day === undefined || h > 23 || m > 59 || s > 59) {
    throw new DriveshaftError("WRONG_COLUMN_TYPE", `the column ${shown(name)} has ${shown(text)}, expected a time`, {
      hint: "Write dates as 2024-01-31, months as 2024-01, instants as 2024-01-31T09:00:00Z, or times as numbers.",
    });
  }
  if (hours === undefined) return { unit: "day", value: day, zoneless: false };
  const value = day * DAY + ((h * 60 + m) * 60 + s) * 1e6 + Number(fraction.padEnd(6, "0")) - offsetOf(zone) * 60e6;
  return { unit: "microsecond", value, zoneless: zone === undefined };
}

/** Days from 2000-01-01, undefined where there is no such date. */
function dayOf(year: number, month: number, date: number): number | undefined {
  const instant = new Date(Date.UTC(2000, month - 1, date));
  instant.setUTCFullYear(year, month - 1, date);
  const isThere = instant.getUTCMonth() === month - 1 && instant.getUTCDate() === date;
  return isThere ? (instant.getTime() - Date.UTC(2000, 0, 1)) / 86_400_000 : undefined;
}

/** Minutes that a zone is ahead of UTC. */
function offsetOf(zone: string | undefined): number {
  if (zone === undefined || /^z$/i.test(zone)) return 0;
  const [hours, minutes] = [zone.slice(1, 3), zone.slice(3).replace(":", "")].map(Number) as [number, number];
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
