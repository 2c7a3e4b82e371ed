/** The binary forms of dates and timestamps, days and microseconds from 2000-01-01, as the server writes them in ISO. */

const EPOCH = Date.UTC(2000, 0, 1);
const DAY = 86_400_000;

/** What the server takes for the ends of time. */
const LAST_DAY = 2 ** 31 - 1;
const LAST_INSTANT = 2n ** 63n - 1n;

export function dateText(days: number): string {
  if (days === LAST_DAY) return "infinity";
  if (days === -LAST_DAY - 1) return "-infinity";
  const { date, era } = ofDay(days);
  return date + era;
}

/** @param zone what is written after the time */
export function timestampText(microseconds: bigint, zone = ""): string {
  if (microseconds === LAST_INSTANT) return "infinity";
  if (microseconds === -LAST_INSTANT - 1n) return "-infinity";
  const perDay = BigInt(DAY) * 1000n;
  const within = ((microseconds % perDay) + perDay) % perDay;
  const { date, era } = ofDay(Number((microseconds - within) / perDay));
  const time = new Date(Number(within / 1_000_000n) * 1000).toISOString().slice(11, 19);
  const fraction = String(within % 1_000_000n)
    .padStart(6, "0")
    .replace(/0+$/, "");
  return `${date} ${time}${fraction && `.${fraction}`}${zone}${era}`;
}

/** A day of the Gregorian calendar, and what stands at the end where it was before Christ. */
function ofDay(days: number): { date: string; era: string } {
  // the calendar repeats after 400 years, so that those beyond the range of Date are found too
  const cycles = Math.floor(days / DAYS_OF_CYCLE);
  const day = new Date(EPOCH + (days - cycles * DAYS_OF_CYCLE) * DAY);
  const year = day.getUTCFullYear() + 400 * cycles;
  const isBefore = year <= 0;
  const shown = String(isBefore ? 1 - year : year).padStart(4, "0");
  return { date: `${shown}${day.toISOString().slice(4, 10)}`, era: isBefore ? " BC" : "" };
}

const DAYS_OF_CYCLE = 146_097;
