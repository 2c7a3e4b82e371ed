import { DriveshaftError } from "../errors.js";
import { addMonths, sharedDate, monthOf } from "./calendar.js";
import { DAY, timeText, type Times, type TimeUnit } from "./times.js";

/** Units in which the length of a step is given. */
export const stepUnits = ["seconds", "minutes", "hours", "days", "weeks", "months", "years"] as const;
export type StepUnit = (typeof stepUnits)[number];

/** Whether the last step ends with the last time, or the first begins with the first. */
export const alignments = ["end", "start"] as const;
export type Alignment = (typeof alignments)[number];

export interface AskedSteps {
  /** Without, each time that comes is a step. */
  step?: number | undefined;
  unit?: StepUnit | undefined;
  align: Alignment;
}

/** Steps of time, from 0. */
export interface Steps {
  count: number;
  /** The step that a time is in. */
  at(time: number): number;
  /** Their length and what they cover, as people write it. */
  length: string;
  from: string;
  to: string;
}

/** Microseconds of the units that have always as many. */
const LENGTHS = { seconds: 1e6, minutes: 60e6, hours: 3600e6, days: DAY, weeks: 7 * DAY };

/**
 * The steps that times make. Without a length each distinct time is one, and they have to be equally spaced.
 * @throws INVALID_PARAMETER
 */
export function stepsOf(times: Pick<Times, "unit" | "values">, asked: AskedSteps): Steps {
  const { step, unit, align } = asked;
  if (step === undefined) return ofEachTime(times);
  if (times.unit === "number") {
    if (unit === undefined) return ofLength(times, step, align, `${step}`);
    throw invalid(`unit is ${unit}, but the times are numbers`, "Leave unit out, or name a column with dates.");
  }
  if (unit === undefined)
    throw invalid("step has no unit", `Give one of ${stepUnits.join(", ")} by the parameter unit.`);
  const length = amount(step, unit.slice(0, -1));
  if (unit !== "months" && unit !== "years") {
    return ofLength(times, (step * LENGTHS[unit]) / (times.unit === "day" ? DAY : 1), align, length);
  }
  if (!Number.isInteger(step)) throw invalid(`step is ${length}, expected a whole number`, "Give it in days instead.");
  return ofMonths(times, unit === "years" ? 12 * step : step, align, length);
}

const invalid = (message: string, hint: string): DriveshaftError =>
  new DriveshaftError("INVALID_PARAMETER", message, { hint });

const amount = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

/** The first and the last of times. */
function ends(values: Float64Array): [first: number, last: number] {
  let [first, last] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < first) first = value;
    if (value > last) last = value;
  }
  return [first, last];
}

/** Steps that are as long in what times are counted in. Those that end with the last time hold their ends. */
function ofLength({ unit, values }: Pick<Times, "unit" | "values">, length: number, align: Alignment, text: string) {
  const [first, last] = ends(values);
  const count = whole((last - first) / length) + 1;
  const [from, to] = align === "end" ? [last - count * length, last] : [first, first + count * length];
  return {
    count,
    at: (time: number) =>
      align === "end" ? count - 1 - whole((last - time) / length) : whole((time - first) / length),
    length: text,
    from: boundText(unit, from),
    to: boundText(unit, to),
  };
}

/** The bound of a step, which may lie within a day. */
const boundText = (unit: TimeUnit, time: number): string =>
  unit === "day" && !Number.isInteger(time)
    ? timeText("microsecond", Math.round(time * DAY))
    : timeText(unit, unit === "microsecond" ? Math.round(time) : time);

/** The whole part of a quotient, which rounding may have put a little below. */
function whole(quotient: number): number {
  const nearest = Math.round(quotient);
  return Math.abs(quotient - nearest) <= 1e-9 ? nearest : Math.floor(quotient);
}

/** Steps of months, all counted from the same day, which is the last of shorter months. */
function ofMonths(
  { unit, values }: Pick<Times, "unit" | "values">,
  months: number,
  align: Alignment,
  length: string,
): Steps {
  const [first, last] = ends(values);
  const isEnd = align === "end";
  const bound = (k: number): number => addMonths(unit, isEnd ? last : first, (isEnd ? -k : k) * months);
  const bounds: number[] = [];
  for (let next = bound(0); first <= next && next <= last; next = bound(bounds.length)) {
    bounds.push(next);
  }
  const count = bounds.length;
  const beyond = boundText(unit, bound(count));
  const ascending = Float64Array.from(bounds).sort();
  return {
    count,
    at: isEnd ? (time) => below(ascending, time) : (time) => upTo(ascending, time) - 1,
    length,
    from: isEnd ? beyond : boundText(unit, first),
    to: isEnd ? boundText(unit, last) : beyond,
  };
}

/** Each time that comes is a step. @throws INVALID_PARAMETER where they are not equally spaced */
function ofEachTime({ unit, values }: Pick<Times, "unit" | "values">): Steps {
  const ascending = Float64Array.from(new Set(values)).sort();
  return {
    count: ascending.length,
    at: (time) => upTo(ascending, time) - 1,
    length: spacing(unit, ascending),
    from: timeText(unit, ascending[0]!),
    to: timeText(unit, ascending.at(-1)!),
  };
}

/** By what times are apart, as people write it. @throws INVALID_PARAMETER where they are not equally spaced */
function spacing(unit: TimeUnit, times: Float64Array): string {
  if (times.length < 2) return "0";
  const byMonths = unit !== "number" && sharedDate(unit, times) ? monthsApart(unit, times) : undefined;
  if (byMonths !== undefined) return byMonths % 12 === 0 ? amount(byMonths / 12, "year") : amount(byMonths, "month");
  const apart = (i: number): number => times[i + 1]! - times[i]!;
  // numbers such as 0.1, 0.2 and 0.3 are off by rounding
  const off =
    unit === "number" ? 1e-9 * apart(0) + 2 ** -50 * Math.max(Math.abs(times[0]!), Math.abs(times.at(-1)!)) : 0;
  for (let i = 1; i < times.length - 1; i++) {
    if (Math.abs(apart(i) - apart(0)) <= off) continue;
    const text = (at: number): string => timeText(unit, times[at]!);
    throw invalid(
      `the times are not equally spaced: ${text(0)} and ${text(1)} are ${apartText(unit, apart(0))} apart, ` +
        `${text(i)} and ${text(i + 1)} ${apartText(unit, apart(i))}`,
      `Give the length of a step, such as ${unit === "number" ? '{"step": 1}' : '{"step": 1, "unit": "months"}'}.`,
    );
  }
  return apartText(unit, apart(0));
}

/** Months from each time to the next, undefined where they differ. */
function monthsApart(unit: TimeUnit, times: Float64Array): number | undefined {
  const months = times.map((time) => monthOf(unit, time));
  const apart = months[1]! - months[0]!;
  return months.every((month, i) => i === 0 || apart === month - months[i - 1]!) ? apart : undefined;
}

function apartText(unit: TimeUnit, difference: number): string {
  if (unit === "number") return String(difference);
  const microseconds = unit === "day" ? difference * DAY : difference;
  const [name, length] = Object.entries(LENGTHS)
    .filter(([each]) => each !== "weeks")
    .reverse()
    .find(([, length]) => microseconds % length === 0) ?? ["seconds", LENGTHS.seconds];
  return amount(microseconds / length, name.slice(0, -1));
}

/** How many of ascending numbers are below another; and how many are not above it. */
const below = (ascending: Float64Array, value: number): number => partition(ascending, (each) => each < value);
const upTo = (ascending: Float64Array, value: number): number => partition(ascending, (each) => each <= value);

/** How many elements are in front of the first of which something does not hold, which holds of none behind it. */
function partition(ascending: Float64Array, holds: (each: number) => boolean): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(ascending[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
