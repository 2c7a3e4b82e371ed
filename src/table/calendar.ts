import { DAY, type TimeUnit } from "./times.js";

/** Months of the Gregorian calendar, of days and microseconds from 2000-01-01 in UTC. */

const EPOCH = Date.UTC(2000, 0, 1);
const MILLISECONDS = 86_400_000;

/** Of what times are counted in, those of a day. */
const perDay = (unit: TimeUnit): number => (unit === "day" ? 1 : DAY);

const dateOf = (unit: TimeUnit, time: number): Date => new Date(EPOCH + Math.floor(time / perDay(unit)) * MILLISECONDS);

/** Days of a month, months being counted from the year 0. */
const daysOf = (month: number): number => firstOf(month + 1) - firstOf(month);

/** Days from 2000-01-01 to the first day of a month. */
function firstOf(month: number): number {
  const date = new Date(EPOCH);
  date.setUTCFullYear(Math.floor(month / 12), month - 12 * Math.floor(month / 12), 1);
  return (date.getTime() - EPOCH) / MILLISECONDS;
}

/** The month that a time is in, counted from the year 0. */
export function monthOf(unit: TimeUnit, time: number): number {
  const date = dateOf(unit, time);
  return 12 * date.getUTCFullYear() + date.getUTCMonth();
}

/** The time so many months later, at the same day of the month, or at the last where it is shorter. */
export function addMonths(unit: TimeUnit, time: number, months: number): number {
  const month = monthOf(unit, time) + months;
  const within = time - Math.floor(time / perDay(unit)) * perDay(unit);
  const day = firstOf(month) + Math.min(dateOf(unit, time).getUTCDate(), daysOf(month)) - 1;
  return day * perDay(unit) + within;
}

/** Whether times are whole months apart: at the same day of each, or at the last where it is shorter. */
export function sharedDate(unit: TimeUnit, times: Float64Array): boolean {
  const latest = times.reduce((a, b) => (dateOf(unit, b).getUTCDate() > dateOf(unit, a).getUTCDate() ? b : a));
  return times.every((time) => addMonths(unit, latest, monthOf(unit, time) - monthOf(unit, latest)) === time);
}
