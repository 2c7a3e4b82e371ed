import * as z from "zod";
import { FINEST as FINEST_H3 } from "../cells/h3-grid.js";
import { FINEST as FINEST_QUADBIN } from "../cells/quadbin.js";
import { DriveshaftError } from "../errors.js";
import type { Place } from "../geometry/place.js";
import { adjustP, corrections } from "../statistics/adjust-p.js";
import { getisOrdLocal } from "../statistics/getis_ord_local.js";
import { MAX_PERMUTATIONS } from "../statistics/inference.js";
import { moranLocal } from "../statistics/moran_local.js";
import { MOST_STEPS } from "../weights/cells.js";
import { chooseScale } from "../weights/scale.js";
import { transform } from "../weights/transform.js";
import type { Weights } from "../weights/weights.js";
import { analysis, float8, geometry, int4, statisticOptions, text, type Context } from "./analysis.js";
import { unitsOfGrid, unitsOfPolygons, unitsOfZones, type Units } from "./hot_spots/units.js";
import { localInference, type LocalInferenceOutput } from "./inference.js";
import { idTexts, numberIfAny, place } from "./inputs.js";
import { seed } from "./parameters.js";
import { optionalTable } from "./tables.js";

const size = z.number().gt(0).lt(1e300);
const resolution = (finest: number): z.ZodInt => z.int().min(0).max(finest).describe("resolution of the cells");

const cells = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("square"), size: size.describe("side, in units of the coordinates") }),
    z.strictObject({ type: z.literal("hexagon"), size: size.describe("edge, in units of the coordinates") }),
    z.strictObject({ type: z.literal("h3"), resolution: resolution(FINEST_H3) }),
    z.strictObject({ type: z.literal("quadbin"), resolution: resolution(FINEST_QUADBIN) }),
  ])
  .optional()
  .describe(
    "cells that events are counted in: square, hexagon, h3, quadbin; default h3 for longitudes and latitudes, square for other coordinates, of twice the area that there is for each event",
  );

/** Levels of confidence, the highest first; p may be up to the other side of each. */
const levels = [0.01, 0.05, 0.1];
const hotAndCold = ["hot", "cold"].flatMap((kind) => levels.map((p) => `${kind} ${Math.round(100 - 100 * p)}%`));

/** Value, then what is around. */
const quadrants = ["HH", "HL", "LH", "LL"];

/** With fewer, little can be significant. */
const FEW = 30;

export const hotSpotsAnalysis = analysis({
  name: "hot_spots",
  title: "Hot spots of events",
  description:
    "From events to a map of where they concentrate: counted in cells, at the scale at which they hang together, with exact p-values.",
  version: 1,
  inputs: {
    place: place(),
    value: numberIfAny("column with the value of an event, of which cells have the sum; default 1 each"),
    ids: idTexts(),
  },
  tables: {
    zones: optionalTable("polygons in which events are counted, instead of cells", {
      place: place({ kind: "polygons" }),
      ids: idTexts(),
    }),
    area: optionalTable("polygons of the study area, instead of study_area", { place: place({ kind: "polygons" }) }),
  },
  options: {
    cells,
    study_area: z
      .enum(["hull", "extent"])
      .default("hull")
      .describe("where events could be, so that cells without one count as 0: their convex hull, or their extent"),
    k: z
      .int()
      .min(1)
      .max(MOST_STEPS)
      .optional()
      .describe("rings of cells that are neighbors; default by incremental autocorrelation"),
    distance: z
      .number()
      .gt(0)
      .lt(1e300)
      .optional()
      .describe(
        "within which polygons are neighbors, in units of the coordinates or metres; default by incremental autocorrelation",
      ),
    statistic: z
      .enum(["getis_ord", "moran"])
      .default("getis_ord")
      .describe("getis_ord for hot and cold spots by G*; moran for clusters and outliers by local Moran's I"),
    correction: z
      .enum(corrections)
      .default("fdr")
      .describe(
        "for testing many cells: none, fdr (Benjamini and Hochberg), fdr_by (Benjamini and Yekutieli), bonferroni",
      ),
    significance: z.number().gt(0).lt(1).default(0.05).describe("largest adjusted p-value of a class of moran"),
    permutations: z
      .int()
      .min(0)
      .max(MAX_PERMUTATIONS)
      .default(9999)
      .describe("number of permutations where a cell has more than 64 neighbors; with fewer p is exact"),
    seed,
  },
  rows: "several",
  key: ["cell"],
  columns: {
    cell: text("id of the cell: of H3 or quadbin, column:row of squares and hexagons, or the id of the polygon"),
    n: int4("number of events"),
    value: float8("their number, or the sum of their values"),
    z: float8("exact z-score of G* or local Moran's I"),
    p: float8("its p-value under conditional randomisation, two-sided"),
    p_adjusted: float8("p after the correction"),
    class: text(
      "hot or cold with 99%, 95% or 90% confidence, of moran HH, HL, LH or LL: value, then what is around, high (H) or low (L); else not significant, or isolated (no neighbors)",
    ),
    geometry: geometry("the cell or polygon"),
  },
  idOptional: true,
  example: { of: "airports", parameters: { value: "passengers", cells: { type: "h3", resolution: 3 }, k: 1 } },
  size: "standard",
  run({ place, value, ids, zones, area }, options, context) {
    const units = unitsOf({ place, value, ids, zones, area: area?.place }, options);
    const found = units.value.length;
    if (found < 3) {
      const message = `there are ${found} cells with events or in the study area, at least 3 are needed`;
      throw new DriveshaftError("TOO_FEW_ROWS", message, { hint: "Use smaller cells, or a larger study area." });
    }
    const { weights, summary } = neighborhoods(units, options);
    const infer = options.statistic === "moran" ? outliers : hotSpots;
    const { columns, ...said } = infer(units.value, weights, options, { ...context, n: found });
    const { cluster, ...inference } = columns;
    return {
      columns: {
        cell: { codes: Int32Array.from(units.ids.keys()), labels: units.ids },
        n: units.n,
        value: units.value,
        ...inference,
        class: cluster,
        geometry: units.places,
      },
      summary: {
        ...units.summary,
        neighbors: summary,
        classes: said.summary.clusters,
        inference: said.summary.inference,
      },
      warnings: [
        ...units.warnings,
        ...(found < FEW ? [`there are only ${found} cells; with fewer than ${FEW} little can be significant`] : []),
        ...said.warnings,
      ],
    };
  },
});

interface Given {
  place: Place;
  value: Float64Array | undefined;
  ids: () => string[] | undefined;
  zones: { place: Place; ids: () => string[] | undefined } | undefined;
  area: Place | undefined;
}

interface Options {
  cells?: z.infer<typeof cells>;
  study_area: "hull" | "extent";
  k?: number | undefined;
  distance?: number | undefined;
  correction: (typeof corrections)[number];
  significance: number;
  permutations: number;
  seed: number;
}

/** What events are counted in: zones that are given, the polygons themselves, or cells. */
function unitsOf({ place, value, ids, zones, area }: Given, { cells, study_area: studyArea }: Options): Units {
  if (zones) {
    if (cells) throw together("cells", "zones");
    if (area) throw together("area", "zones");
    return unitsOfZones(place, value, zones.place, zones.ids()!);
  }
  if (cells || place.hasPoints) return unitsOfGrid(place, value, { cells, studyArea, area });
  if (area) throw together("area", "polygons that have values");
  const own = ids();
  if (!value || !own) {
    const message = `the rows have polygons, so each is a cell, but no ${value ? "id" : "value"}`;
    throw new DriveshaftError("INVALID_PARAMETER", message, {
      hint: value
        ? "Name the column with their ids by id."
        : "Name the column with their values by value, or cells to count them in.",
    });
  }
  return unitsOfPolygons(place, value, own);
}

const together = (parameter: string, other: string): DriveshaftError =>
  new DriveshaftError("INVALID_PARAMETER", `${parameter} does not go with ${other}`);

/** The weights at the scale that is asked for, or at the one at which values hang together most. */
function neighborhoods(units: Units, { k, distance }: Options): { weights: Weights; summary: object } {
  const { scale, value } = units;
  const [asked, other] = scale === "k" ? [k, distance] : [distance, k];
  if (other !== undefined) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      scale === "k" ? "distance is of polygons; cells have rings" : "k counts rings of cells; polygons have a distance",
      { hint: `Use ${scale} instead.` },
    );
  }
  if (asked !== undefined) return { weights: units.weightsAt(asked), summary: { [scale]: asked, chosen: false } };
  const { at, weights, z } = chooseScale(value, units.scales());
  const moran = z.map((one) => ({ [scale]: one.at, z: Number.isFinite(one.z) ? one.z : null }));
  return { weights, summary: { [scale]: at, chosen: true, moran } };
}

const inferenceOf = ({ permutations, seed }: Options, context: Context) =>
  statisticOptions({ permutations, seed, inference: "auto" as const }, context);

/** Hot and cold spots by G*, at the highest level of confidence that they reach. */
function hotSpots(value: Float64Array, weights: Weights, options: Options, context: Context): LocalInferenceOutput {
  const binary = transform(weights, "B");
  const result = getisOrdLocal(value, binary, { ...inferenceOf(options, context), star: true });
  const adjusted = adjustP(result.p, options.correction);
  function classOf(i: number): number {
    const level = levels.findIndex((p) => adjusted[i]! <= p);
    return result.zConditional[i]! > 0 ? level : levels.length + level;
  }
  const parameters = { ...options, alternative: "two-sided" as const, stop: 0, significance: levels.at(-1)! };
  return localInference(result, binary, parameters, hotAndCold, classOf);
}

/** Clusters and outliers by local Moran's I. */
function outliers(value: Float64Array, weights: Weights, options: Options, context: Context): LocalInferenceOutput {
  const means = transform(weights, "R");
  const result = moranLocal(value, means, inferenceOf(options, context));
  const classOf = (i: number): number =>
    quadrants.indexOf((result.high[i] ? "H" : "L") + (result.highLag[i] ? "H" : "L"));
  return localInference(result, means, { ...options, alternative: "two-sided", stop: 0 }, quadrants, classOf);
}
