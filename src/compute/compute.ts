import type { Analysis, Report } from "../analyses/analysis.js";
import { carriedIds } from "../table/carry.js";
import { length, select, spread, type Carried, type Rows, type Table } from "../table/columns.js";
import { DriveshaftError } from "../errors.js";
import { NOWHERE } from "../geometry/geometry.js";
import { reorder } from "../geometry/reorder.js";
import { canonicalOrder, idText, selectIds, type Ids } from "../table/raw.js";
import { fromPairs, matchPairs } from "../weights/given.js";

/** What a job tells when it is done. */
export interface Summary {
  analysis: string;
  version: number;
  parameters: Record<string, unknown>;
  rows: { read: number; used: number; undefined: number };
  warnings: string[];
  [more: string]: unknown;
}

export interface Computed {
  /** The result without the names of the columns it came from. */
  table: Omit<Table, "ids">;
  /** The rows read that are in it, where not all are. */
  kept?: Int32Array | undefined;
  /** The ids at both ends, where each row of the result is a pair. */
  pairs?: { focal: Ids; neighbor: Carried } | undefined;
  summary: Summary;
}

/** Fewer rows than this say nothing about space. */
const LEAST_ROWS = 3;

/**
 * Rows in, result columns out: drops rows without a value or a place, puts the rest in canonical order, runs the
 * analysis, and spreads its result over all rows in the order they came.
 * @throws NO_ROWS, TOO_FEW_ROWS, DUPLICATE_ID and what the analysis throws
 */
export function compute(
  analysis: Analysis,
  parameters: Record<string, unknown>,
  rows: Rows,
  threads: number,
  report: Report,
): Computed {
  if (rows.n === 0)
    throw new DriveshaftError("NO_ROWS", "there are no rows", { hint: "Check the conditions of the query." });
  const columns = Object.values(rows.values);
  const used = canonicalOrder(rows.ids).filter(
    (row) =>
      rows.geometry.kinds[row] !== NOWHERE &&
      columns.every((values) => Number.isFinite(values[row])) &&
      (analysis.usable?.(rows.values, row) ?? true),
  );
  const n = used.length;
  if (n < LEAST_ROWS) {
    throw new DriveshaftError(
      "TOO_FEW_ROWS",
      `${n} of ${rows.n} rows have ${columns.length > 0 ? "a value and " : ""}a place, at least ${LEAST_ROWS} are needed`,
      {
        hint: "Rows whose value or geometry is null, not finite or empty are not used.",
      },
    );
  }
  const atUsed = (columns: Record<string, Float64Array>): Record<string, Float64Array> =>
    Object.fromEntries(
      Object.entries(columns).map(([name, all]) => [name, Float64Array.from(used, (row) => all[row]!)]),
    );
  const geometry = reorder(rows.geometry, used);
  const idOf = (i: number): string => idText(rows.ids, used[i]!);
  const matched = rows.given && matchPairs(rows.given, rows.n, (row) => idText(rows.ids, row));
  const given = matched && fromPairs(matched, placesOf(used, rows.n), n, idOf);
  const input = {
    n,
    geometry,
    geography: rows.geography,
    values: atUsed(rows.values),
    labels: atUsed(rows.labels),
    given,
    threads,
  };
  const output = analysis.run(input, parameters, report);

  const each = analysis.rows === "each";
  const all = {
    n: each ? rows.n : length(output.columns[analysis.columns[0]!.name]!),
    ...(each && { geometry: rows.geometry }),
    columns: analysis.columns.map((spec) => {
      const data = output.columns[spec.name]!;
      return { name: spec.name, data: each ? spread(data, used, rows.n, spec) : data };
    }),
  };
  const kept = output.keep && used.filter((_, i) => output.keep![i] === 1).sort();
  const table = kept ? select(all, kept) : all;
  const read = (rows: Int32Array): Int32Array => rows.map((i) => used[i]!);
  const pairs = output.pairs && {
    focal: selectIds(rows.ids, read(output.pairs.focal)),
    neighbor: carriedIds("neighbor", rows.ids, read(output.pairs.neighbor)),
  };
  const warnings = [...output.warnings];
  const measured =
    parameters.great_circle ?? (parameters.weights as { great_circle?: boolean } | undefined)?.great_circle;
  if (rows.srid === 4326 && !rows.geography && measured !== true) {
    warnings.push(
      "coordinates are longitudes and latitudes (SRID 4326), taken as planar degrees; great_circle measures on the sphere",
    );
  }
  const { name, version } = analysis;
  const counts = { read: rows.n, used: n, undefined: rows.n - n };
  return {
    table,
    kept,
    pairs,
    summary: { analysis: name, version, parameters, rows: counts, ...output.summary, warnings },
  };
}

/** By row: its number among those used, -1 where it is not. */
function placesOf(used: Int32Array, n: number): Int32Array {
  const place = new Int32Array(n).fill(-1);
  used.forEach((row, i) => (place[row] = i));
  return place;
}
