import type { Analysis } from "../analyses/analysis.js";
import type { Used } from "../analyses/inputs.js";
import type { FurtherTable } from "../analyses/tables.js";
import { DriveshaftError } from "../errors.js";
import { isSameGeometry, nowhere } from "../geometry/geometry.js";
import { DEGREES, mayBeDegrees, placeOf, type Place, type Places } from "../geometry/place.js";
import type { Report } from "../job/progress.js";
import { take, type NamedColumn } from "../table/column.js";
import { distinctOf } from "../table/distinct.js";
import type { Raw } from "../table/raw.js";
import type { Weights } from "../weights/weights.js";
import { placesOf, readFor, usableRows, type ReadTable, type Task } from "./read-table.js";

/**
 * The rows of a table that are used, as inputs see them: what they ask for is taken once.
 * @param placeBefore the place of rows before, which is that of these too where it is the same
 */
export function usedOf(
  analysis: Analysis,
  task: Task,
  table: ReadTable,
  rows: Int32Array,
  pairs: (table: string, rows: Int32Array) => Weights | undefined,
  report: Report,
  placeBefore?: Place,
): Used {
  const taken = new Map<string, NamedColumn[]>();
  function named(parameter: string): NamedColumn[] {
    let columns = taken.get(parameter);
    if (!columns) {
      columns = readFor(table, parameter).map(({ name, column }) => ({ name, column: take(column, rows) }));
      taken.set(parameter, columns);
    }
    return columns;
  }
  let place: Place | undefined;
  function findPlace(): Place {
    const places = (named("place")[0]?.column as Places | undefined) ?? nowhereAtAll(rows.length);
    return placeBefore && isSameGeometry(placeBefore.geometry, places.geometry) ? placeBefore : placeOf(places);
  }
  return {
    analysis: analysis.name,
    n: rows.length,
    parameters: task.parameters,
    placeless: table.choice.placeless ?? false,
    named,
    place: () => (place ??= findPlace()),
    pairs: (table) => pairs(table, rows),
    subjects() {
      const { of, rows: firsts } = distinctOf(named("id")[0]!.column as Raw);
      const chosen = firsts.map((i) => rows[i]!);
      return { of, rows: firsts, used: usedOf(analysis, task, table, chosen, pairs, report) };
    },
    report,
    warnings: [],
  };
}

/** Rows whose table has no places, which nothing asks for. */
const nowhereAtAll = (n: number): Places => ({ type: "geometry", geometry: nowhere(n), srid: 0, geography: false });

/** The rows of a further table that can be used, and what the analysis gets of them. */
export interface FurtherRows {
  rows: Int32Array;
  values: Record<string, unknown>;
}

/**
 * What an analysis gets of further tables, the same in all groups.
 * @throws DUPLICATE_ID, MIXED_GEOMETRY where places of two tables cannot be measured together
 */
export function readFurther(analysis: Analysis, task: Task, report: Report): Record<string, FurtherRows> {
  const further: Record<string, FurtherRows> = {};
  for (const [name, { inputs }] of Object.entries<FurtherTable>(analysis.tables)) {
    const table = task.tables[name];
    if (!table) continue;
    checkPlaces(name, placesOf(task), placesOf(table));
    const rows = usableRows(table, inputs, task.parameters);
    const used = usedOf(analysis, task, table, rows, () => undefined, report);
    const values: Record<string, unknown> = { n: rows.length };
    for (const [input, { value }] of Object.entries(inputs)) values[input] = value(input, used);
    further[name] = { rows, values };
  }
  return further;
}

/** @throws MIXED_GEOMETRY where one table has other coordinates than the other, as far as they say or show */
function checkPlaces(name: string, ours: Places | undefined, theirs: Places | undefined): void {
  if (!ours || !theirs) return;
  const isMixed = ours.srid > 0 && theirs.srid > 0 && ours.srid !== theirs.srid;
  const inDegrees = ({ geography, srid }: Places): boolean => geography || srid === DEGREES;
  const isHalfDegrees = (a: Places, b: Places): boolean =>
    inDegrees(a) && !inDegrees(b) && (a.geography || !mayBeDegrees(b.geometry));
  if (!isMixed && !isHalfDegrees(ours, theirs) && !isHalfDegrees(theirs, ours)) return;
  throw new DriveshaftError(
    "MIXED_GEOMETRY",
    `the places of the rows are ${systemOf(ours)}, those of ${name} ${systemOf(theirs)}`,
    { hint: "Bring both into one system by ST_Transform and ST_SetSRID." },
  );
}

function systemOf({ geometry, srid, geography }: Places): string {
  if (geography) return "of type geography";
  if (srid > 0) return `of SRID ${srid}`;
  return `of no known SRID${mayBeDegrees(geometry) ? "" : ", and no longitudes and latitudes"}`;
}
