import assert from "node:assert/strict";
import { stepsOf, type AskedSteps, type Steps } from "#dist/table/steps.js";
import { DAY, timesOf, timeText, type Times } from "#dist/table/times.js";
import { buildRaw, type Encoding, type Raw } from "#dist/table/raw.js";
import { failure } from "../support/assertions.js";

/** A column of values in their bytes; null is null. */
function column(encoding: Encoding, values: (Buffer | null)[]): Raw {
  const into = buildRaw("when");
  for (const value of values) {
    if (value) into.push(value);
    else into.none();
  }
  return { type: "raw", sqlType: encoding, encoding, ...into.take() };
}

const texts = (...values: string[]): Times =>
  timesOf(
    column(
      "text",
      values.map((text) => Buffer.from(text)),
    ),
    "when",
  );

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

describe("times", () => {
  it("are days and microseconds from 2000-01-01 in the server's forms, of which the ends of time are none", () => {
    const date = timesOf(column("date", [int32(-1), null, int32(2 ** 31 - 1), int32(-(2 ** 31))]), "when");
    assert.deepEqual(date, { unit: "day", values: Float64Array.of(-1, NaN, NaN, NaN), zoneless: false });
    const ends = [int64(5n), int64(2n ** 63n - 1n), int64(-(2n ** 63n))];
    const instant = Float64Array.of(5, NaN, NaN);
    assert.deepEqual(timesOf(column("timestamp", ends), "when"), {
      unit: "microsecond",
      values: instant,
      zoneless: true,
    });
    assert.deepEqual(timesOf(column("timestamptz", ends), "when").zoneless, false);
    const numbers = timesOf(column("integer", [int32(-7), int64(2n ** 40n), Buffer.from([1, 0]), null]), "when");
    assert.deepEqual(numbers, { unit: "number", values: Float64Array.of(-7, 2 ** 40, 256, NaN), zoneless: false });
  });

  it("are read from texts: numbers, months, dates, instants with a zone or without", () => {
    assert.deepEqual(texts("2024", "", " 1e3 ").values, Float64Array.of(2024, NaN, 1000));
    assert.deepEqual(texts("2000-01", "2000-03", "1999-12-31").values, Float64Array.of(0, 60, -1));
    const instants = texts(
      "2000-01-02T00:00:00Z",
      "2000-01-01 02:00+01:30",
      "2000-01-01t00:00:00.25-0100",
      "2000-01-02",
    );
    assert.deepEqual(instants.values, Float64Array.of(DAY, 1800e6, 3600e6 + 250_000, DAY));
    assert.equal(instants.zoneless, false);
    assert.equal(texts("2000-01-01 12:00").zoneless, true);
    assert.equal(timeText("microsecond", texts("2024-02-29T23:59:59.5Z").values[0]!), "2024-02-29 23:59:59.5");
  });

  it("are refused where they are none, by the text", () => {
    for (const text of ["yesterday", "2024-02-30", "2024-13-01", "2024-01-01T25:00", "31/01/2024", "24-01-01"]) {
      assert.throws(() => texts("2024-01-01", text), failure("WRONG_COLUMN_TYPE", new RegExp(`"when" has "${text}"`)));
    }
    assert.throws(() => texts("2024-01-01", "7"), failure("WRONG_COLUMN_TYPE", /numbers among its dates/));
  });
});

describe("steps of time", () => {
  const of = (times: Times, asked: Partial<AskedSteps> = {}): { steps: Steps; at: number[] } => {
    const steps = stepsOf(times, { align: "end", ...asked });
    return { steps, at: [...times.values].map((time) => steps.at(time)) };
  };

  it("are the times themselves, where these are equally spaced", () => {
    const { steps, at } = of(texts("7", "5", "9", "7"));
    assert.deepEqual(at, [1, 0, 2, 1]);
    const { count, length, from, to } = steps;
    assert.deepEqual({ count, length, from, to }, { count: 3, length: "2", from: "5", to: "9" });
    assert.equal(of(texts("0.1", "0.2", "0.3", "0.4")).steps.count, 4);
    assert.equal(of(texts("2024-01-01", "2024-01-08", "2024-01-15")).steps.length, "7 days");
    assert.equal(of(texts("2024-01-01T00:00Z", "2024-01-01T06:00Z", "2024-01-01T12:00Z")).steps.length, "6 hours");
  });

  it("count by the calendar where times are at the same day of months", () => {
    assert.equal(of(texts("2024-01-15", "2024-02-15", "2024-03-15")).steps.length, "1 month");
    assert.equal(of(texts("2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30")).steps.length, "1 month");
    assert.equal(of(texts("2020-01-01", "2021-01-01", "2022-01-01")).steps.length, "1 year");
    assert.equal(of(texts("2024-01-01T09:00Z", "2024-04-01T09:00Z", "2024-07-01T09:00Z")).steps.length, "3 months");
  });

  it("are refused where they differ, with the two that do", () => {
    assert.throws(
      () => of(texts("2024-01-01", "2024-01-02", "2024-01-03", "2024-01-06")),
      failure("INVALID_PARAMETER", /2024-01-01 and 2024-01-02 are 1 day apart, 2024-01-03 and 2024-01-06 3 days/),
    );
    assert.throws(() => of(texts("2024-01", "2024-02", "2024-04")), failure("INVALID_PARAMETER", /not equally spaced/));
    assert.throws(() => of(texts("1", "2", "4")), failure("INVALID_PARAMETER", /1 and 2 are 1 apart, 2 and 4 2/));
  });

  it("of a length end with the last time, or begin with the first", () => {
    const days = texts("2024-01-01", "2024-01-03", "2024-01-04", "2024-01-10");
    const end = of(days, { step: 3, unit: "days" });
    assert.deepEqual([end.at, end.steps.from, end.steps.to], [[0, 1, 1, 3], "2023-12-29", "2024-01-10"]);
    const start = of(days, { step: 3, unit: "days", align: "start" });
    assert.deepEqual([start.at, start.steps.from, start.steps.to], [[0, 0, 1, 3], "2024-01-01", "2024-01-13"]);
    const weeks = of(texts("2024-01-01T00:00Z", "2024-01-15T00:00Z"), { step: 1, unit: "weeks" });
    assert.deepEqual([weeks.at, weeks.steps.length], [[0, 2], "1 week"]);
    assert.deepEqual(of(texts("0.1", "0.2", "0.3", "0.35"), { step: 0.1, align: "start" }).at, [0, 1, 2, 2]);
    assert.deepEqual(of(texts("2024-01-01", "2024-01-02"), { step: 12, unit: "hours" }).at, [0, 2]);
  });

  it("of months are counted from one day, the last of shorter months", () => {
    const dates = texts("2024-01-31", "2024-02-01", "2024-02-29", "2024-03-01", "2024-03-31");
    const end = of(dates, { step: 1, unit: "months" });
    assert.deepEqual([end.at, end.steps.from], [[0, 1, 1, 2, 2], "2023-12-31"]);
    const start = of(dates, { step: 1, unit: "months", align: "start" });
    assert.deepEqual([start.at, start.steps.to], [[0, 0, 1, 1, 2], "2024-04-30"]);
    const years = of(texts("2020-02-29", "2021-02-28", "2021-03-01"), { step: 1, unit: "years", align: "start" });
    assert.deepEqual([years.at, years.steps.to], [[0, 1, 1], "2022-02-28"]);
  });

  it("need a unit where times are dates, and none where they are numbers", () => {
    const dates = texts("2024-01-01");
    assert.throws(() => of(dates, { step: 1 }), failure("INVALID_PARAMETER", /step has no unit/));
    assert.throws(() => of(texts("1"), { step: 1, unit: "days" }), failure("INVALID_PARAMETER", /unit is days, but/));
    assert.throws(() => of(dates, { step: 0.5, unit: "months" }), failure("INVALID_PARAMETER", /step is 0.5 months/));
  });

  it("may be a single one", () => {
    const { count, length } = of(texts("2024-01-01", "2024-01-01")).steps;
    assert.deepEqual([count, length], [1, "0"]);
  });
});
