import { cellsFor, gridOf, type CellKind } from "../../cells/choose.js";
import { eventsWithin, sumsOfCells, sumsOfPolygons } from "../../cells/aggregate.js";
import type { Grid } from "../../cells/grid.js";
import { studyAreaOf } from "../../cells/study-area.js";
import { DriveshaftError } from "../../errors.js";
import { planarArea, sphericalArea } from "../../geometry/area.js";
import { buildGeometry, type Geometry } from "../../geometry/geometry.js";
import { DEGREES, placesLike, type Place, type Places } from "../../geometry/place.js";
import { MOST_DRAWN } from "../../statistics/exact.js";
import { ringWeights } from "../../weights/cells.js";
import { distanceBand } from "../../weights/distance-band.js";
import { nearest } from "../../weights/nearest.js";
import type { Scale } from "../../weights/scale.js";
import type { Weights } from "../../weights/weights.js";

/** What hot spots are made of: cells or polygons, with what lies in each, and the scales at which they may be seen. */
export interface Units {
  ids: string[];
  /** Events in each. */
  n: Int32Array;
  /** Their number, or the sum of their values. */
  value: Float64Array;
  places: Places;
  /** What a scale is called: rings of cells or a distance. */
  scale: "k" | "distance";
  weightsAt(scale: number): Weights;
  /** Scales to choose from, growing, at which p is exact. */
  scales(): Iterable<Scale>;
  /** What is to be said of them. */
  summary: Record<string, unknown>;
  warnings: string[];
}

/** Cells of a grid, at most. */
const MOST_CELLS = 1_000_000;

/** Distances that are looked at. */
const MOST_DISTANCES = 10;

export interface Asked {
  cells: CellKind | undefined;
  studyArea: "hull" | "extent";
  /** Polygons of the study area instead. */
  area: Place | undefined;
}

/** Events in the cells of a grid, which is that of the parameters or follows from the events. */
export function unitsOfGrid(place: Place, values: Float64Array | undefined, asked: Asked): Units {
  const degrees = place.degrees();
  const isGlobal = asked.cells ? "resolution" in asked.cells : degrees !== "none";
  checkCoordinates(asked.cells, degrees);
  const what = `cells of type ${asked.cells?.type ?? "square"}`;
  const all = { ...place.points(isGlobal ? true : undefined, what), values };
  const events = asked.area ? eventsWithin(all, asked.area.geometry) : all;
  if (events.xs.length === 0) {
    throw new DriveshaftError("TOO_FEW_ROWS", "no event lies in the study area", {
      hint: "See that the places of area are in the coordinates of the events.",
    });
  }
  const area = asked.area?.geometry ?? studyAreaOf(asked.studyArea, events);
  const kind =
    asked.cells ??
    (isGlobal
      ? cellsFor("h3", sphericalArea(area), events.xs.length)
      : cellsFor("square", planarArea(area), events.xs.length));
  const grid = gridOf(kind);
  const { cells, n, value } = sumsOfCells(events, grid, area, MOST_CELLS);
  const outside = all.xs.length - events.xs.length;
  return {
    ids: Array.from(cells.highs, (high, i) => grid.idOf(high, cells.lows[i]!)),
    n,
    value,
    places: { ...placesLike(place, outlines(grid, cells)), ...(isGlobal && { srid: DEGREES }) },
    scale: "k",
    weightsAt: (k) => ringWeights(cells, grid, { k }).weights,
    *scales() {
      for (let k = 1; neighborsWithin(k, grid) <= MOST_DRAWN; k++) {
        yield { at: k, weights: ringWeights(cells, grid, { k }).weights };
      }
    },
    summary: {
      cells: { ...kind, chosen: asked.cells === undefined, ...countsOf(n) },
      events: { used: events.xs.length, outside },
    },
    warnings: [
      ...(outside > 0 ? [`${outside} events lie outside the study area and are left out`] : []),
      ...(asked.cells === undefined ? guessed(place) : []),
    ],
  };
}

/** Where coordinates are taken as longitudes and latitudes without anything that says so. */
const guessed = (place: Place): string[] =>
  place.degrees() === "possible"
    ? ["nothing says what coordinates these are; they are taken as longitudes and latitudes"]
    : [];

/** Cells within k rings of a cell of squares or hexagons. */
const neighborsWithin = (k: number, { degree }: Grid): number =>
  degree === 8 ? (2 * k + 1) ** 2 - 1 : 3 * k * (k + 1);

const countsOf = (n: Int32Array): { count: number; occupied: number } => ({
  count: n.length,
  occupied: n.reduce((count, events) => count + Number(events > 0), 0),
});

/** @throws INVALID_PARAMETER where cells are of other coordinates than the events */
function checkCoordinates(cells: CellKind | undefined, degrees: ReturnType<Place["degrees"]>): void {
  if (cells && "size" in cells && degrees === "known") {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `cells of type ${cells.type} have a size in units of the coordinates, which are longitudes and latitudes`,
      { hint: 'Use {"cells": {"type": "h3", "resolution": 8}}, or ST_Transform in the query.' },
    );
  }
  if (cells && "resolution" in cells && degrees === "none") {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `cells of type ${cells.type} need longitudes and latitudes, but the coordinates are none`,
      { hint: "Use ST_Transform(geom, 4326) in the query, or cells of type square or hexagon." },
    );
  }
}

function outlines(grid: Grid, { highs, lows }: { highs: Int32Array; lows: Int32Array }): Geometry {
  const into = buildGeometry();
  highs.forEach((high, i) => grid.outline(high, lows[i]!, into));
  return into.take();
}

/** Events in polygons; those that are in none are left out. */
export function unitsOfZones(place: Place, values: Float64Array | undefined, zones: Place, ids: string[]): Units {
  const isGlobal = place.degrees() !== "none";
  const events = { ...place.points(isGlobal ? true : undefined, "zones"), values };
  const { n, value, outside } = sumsOfPolygons(events, zones.geometry);
  if (outside === events.xs.length) {
    throw new DriveshaftError("TOO_FEW_ROWS", "no event lies in any of the zones", {
      hint: "See that both are in one system of coordinates.",
    });
  }
  return {
    ...withinDistance(zones),
    ids,
    n,
    value,
    places: placesLike(zones, zones.geometry),
    summary: { zones: countsOf(n), events: { used: events.xs.length - outside, outside } },
    warnings: [
      ...(outside > 0 ? [`${outside} events lie in none of the zones and are left out`] : []),
      ...guessed(zones),
    ],
  };
}

/** Polygons with values of their own. */
export function unitsOfPolygons(place: Place, values: Float64Array, ids: string[]): Units {
  return {
    ...withinDistance(place),
    ids,
    n: new Int32Array(values.length).fill(1),
    value: values,
    places: placesLike(place, place.geometry),
    summary: { polygons: values.length },
    warnings: guessed(place),
  };
}

/**
 * Neighborhoods of polygons by the distance of their centroids: from the smallest that leaves no island, by steps of
 * the mean distance to the nearest.
 */
function withinDistance(place: Place): Pick<Units, "scale" | "weightsAt" | "scales"> {
  const greatCircle = place.degrees() !== "none";
  const { xs, ys } = place.points(greatCircle, "distance");
  const weightsAt = (threshold: number): Weights => distanceBand(xs, ys, { threshold, greatCircle });
  return {
    scale: "distance",
    weightsAt,
    *scales() {
      // the nearest of all is each itself, or one that coincides
      const distances = nearest(xs, ys, xs, ys, { k: 2, greatCircle }).distances.filter((_, q) => q % 2 === 1);
      const step = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
      // so that rounding of the square does not lose the pair it came from
      const first = distances.reduce((most, distance) => Math.max(most, distance), 0) * (1 + 1e-12);
      for (let i = 0; i < MOST_DISTANCES; i++) {
        const weights = weightsAt(first + i * step);
        if (i > 0 && mostNeighbors(weights) > MOST_DRAWN) return;
        yield { at: first + i * step, weights };
        if (step === 0) return;
      }
    },
  };
}

const mostNeighbors = ({ offsets }: Weights): number =>
  offsets.reduce((most, offset, i) => (i === 0 ? 0 : Math.max(most, offset - offsets[i - 1]!)), 0);
