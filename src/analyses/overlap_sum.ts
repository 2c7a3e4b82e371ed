import { DriveshaftError } from "../errors.js";
import { overlaps, selfOverlaps } from "../geometry/overlap.js";
import { takeFeatures } from "../geometry/take-features.js";
import type { Geometry } from "../geometry/geometry.js";
import { analysis, float8 } from "./analysis.js";
import { idTexts, number, place } from "./inputs.js";
import { table } from "./tables.js";

/** Share of its area that a polygon may lie over itself, as after its coordinates were rounded. */
const TOLERATED = 1e-6;

/** And that is said. */
const TOLD = 1e-9;

/** Ids that messages list at most. */
const LISTED = 5;

export const overlapSumAnalysis = analysis({
  name: "overlap_sum",
  title: "Sums by overlap",
  description:
    "What the polygons of another table carry, given to the rows by the area in common: areal interpolation.",
  version: 1,
  inputs: { place: place({ kind: "polygons" }), ids: idTexts() },
  tables: {
    sources: table("the polygons that carry the value, with id and place", {
      value: number("column with what a source carries", { missing: "keep" }),
      place: place({ kind: "polygons" }),
      ids: idTexts(),
    }),
  },
  options: {},
  rows: "each",
  columns: {
    sum: float8("sum over the sources of their value times the share of their area that is in the row's polygon"),
    mean: float8("mean of the values, weighted by the area in common; null where there is none"),
    covered: float8("share of the row's area that the sources cover"),
  },
  leastRows: 1,
  example: {
    of: "counties",
    parameters: { value: "population" },
    tables: { sources: "counties" },
  },
  size: "standard",
  run({ place, ids, sources }, _, { n, report }) {
    // asks whether areas may be measured in the plane
    for (const each of [place, sources.place]) each.vertices("overlap_sum");
    const own = checked("row", place.geometry, ids()!);
    const all = checked("source", sources.place.geometry, sources.ids()!);
    const valued = Int32Array.from(sources.value.keys()).filter((source) => !Number.isNaN(sources.value[source]));
    const used = valued.filter((source) => all.areas[source]! > 0);
    const found = overlaps(place.geometry, takeFeatures(sources.place.geometry, used), {
      progress: (share) => report("overlaps", share),
    });
    const [sum, mean, covered] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
    for (let i = 0; i < n; i++) {
      let [weighted, area] = [0, 0];
      for (let q = found.offsets[i]!; q < found.offsets[i + 1]!; q++) {
        const [source, common] = [used[found.others[q]!]!, found.areas[q]!];
        sum[i]! += sources.value[source]! * (common / all.areas[source]!);
        weighted += sources.value[source]! * common;
        area += common;
      }
      mean[i] = weighted / area;
      covered[i] = area / own.areas[i]!;
    }
    const totalOf = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
    const uncovered = covered.reduce((count, share) => count + Number(!(share > 0)), 0);
    const said = (count: number, what: string): string[] => (count > 0 ? [`${count} ${what}`] : []);
    return {
      columns: { sum, mean, covered },
      summary: {
        sources: used.length,
        pairs: found.areas.length,
        total: totalOf(Float64Array.from(used, (source) => sources.value[source]!)),
        allocated: totalOf(sum),
      },
      warnings: [
        ...said(sources.n - valued.length, "sources have no value and are left out"),
        ...said(valued.length - used.length, "sources have no area, so that their values are left out"),
        ...said(uncovered, "rows have no area in common with a source"),
        ...said(own.crossing + all.crossing, "polygons cross themselves by less than a millionth of their area"),
      ],
    };
  },
});

/**
 * The areas of polygons, and how many of them cross themselves but hardly.
 * @throws INVALID_GEOMETRY naming those that do by more
 */
function checked(what: string, geometry: Geometry, ids: string[]): { areas: Float64Array; crossing: number } {
  const { areas, apart } = selfOverlaps(geometry);
  const beyond = (share: number): string[] => ids.filter((_, i) => apart[i]! > share * areas[i]!);
  const wrong = beyond(TOLERATED);
  if (wrong.length === 0) return { areas, crossing: beyond(TOLD).length };
  const list = wrong.slice(0, LISTED).join(", ") + (wrong.length > LISTED ? ", ..." : "");
  const message = `the polygon of the ${what} ${list} crosses itself, or its parts lie over each other`;
  throw new DriveshaftError("INVALID_GEOMETRY", message, {
    hint: "Use ST_MakeValid(geom) in the query, or leave it out.",
  });
}
