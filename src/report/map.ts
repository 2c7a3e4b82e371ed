import * as Plot from "@observablehq/plot";
import { cell, cellText, type Cell } from "../table/column.js";
import { idColumn, type Table } from "../table/table.js";
import type { Geometry } from "../geometry/geometry.js";
import { featureReader } from "../geometry/to-geojson.js";
import { clusterColors, numberColors } from "./colors.js";
import { escape, render, type Figure } from "./render.js";

/** Columns that color a map, in order of preference. */
const classes = ["cluster", "cluster_no"];

/** A map of the classes of a result; undefined where it has none, or no places. */
export function clusterMap(table: Table, projection?: string): Figure | undefined {
  const column = table.columns.find(({ name }) => classes.includes(name));
  if (!column || !table.places || !idColumn(table)) return undefined;
  const geometryOf = featureReader(table.places);
  const features = Array.from({ length: table.n }, (_, row) => {
    const geometry = geometryOf(row);
    return geometry && { type: "Feature" as const, geometry: wind(geometry), properties: { row } };
  }).filter((feature) => feature !== null);
  const domain = { type: "FeatureCollection" as const, features };
  const classOf = (row: number): Cell => cell(column.column, row);
  const title = (row: number): string =>
    table.columns.map(({ name, column }) => `${name} ${round(cell(column, row))}`).join("\n");
  const points = features.every(({ geometry }) => geometry.type === "Point");
  const svg = render({
    width: 1000,
    height: 620,
    projection: { type: projection ?? guessProjection(table.places), domain } as Plot.ProjectionOptions,
    marks: [
      Plot.geo(features, {
        fill: ({ properties }: (typeof features)[number]) => color(classOf(properties.row)),
        stroke: points ? "white" : "#888",
        strokeWidth: points ? 0.3 : 0.15,
        r: points ? 3 : undefined,
        title: ({ properties }: (typeof features)[number]) => title(properties.row),
      }),
    ],
  });
  const counts = new Map<Cell, number>();
  for (let row = 0; row < table.n; row++) counts.set(classOf(row), (counts.get(classOf(row)) ?? 0) + 1);
  const order = [...counts].sort(([a], [b]) => rank(a) - rank(b)).slice(0, 24);
  const legend = order.map(
    ([name, count]) =>
      `<span style="margin-right:1.2em"><span class="swatch" style="background:${color(name)}"></span>${escape(cellText(name))} (${count})</span>`,
  );
  return { caption: `${column.name} of ${table.n} rows`, legend: `<div>${legend.join("")}</div>`, svg };
}

function color(name: Cell): string {
  if (typeof name === "number") return numberColors[name % numberColors.length]!;
  return clusterColors[cellText(name ?? "undefined")] ?? "#cccccc";
}

function rank(name: Cell): number {
  return typeof name === "number" ? name : Object.keys(clusterColors).indexOf(cellText(name));
}

function round(value: Cell): string {
  return typeof value === "number" && !Number.isInteger(value) ? value.toPrecision(4) : cellText(value);
}

/** Longitudes and latitudes are projected; other coordinates are drawn as they are, north up. */
function guessProjection({ xs, ys }: Geometry): "equal-earth" | "reflect-y" {
  const lonLat = xs.every((x) => Math.abs(x) <= 180) && ys.every((y) => Math.abs(y) <= 90);
  const span = xs.reduce((a, b) => Math.max(a, b), -Infinity) - xs.reduce((a, b) => Math.min(a, b), Infinity);
  return lonLat && span > 20 ? "equal-earth" : "reflect-y";
}

/** On the sphere the inside of a ring is to its right, so outlines go clockwise and holes the other way. */
function wind<G extends { type: string; coordinates: unknown }>(geometry: G): G {
  if (geometry.type !== "MultiPolygon") return geometry;
  const coordinates = (geometry.coordinates as number[][][][]).map((polygon) =>
    polygon.map((ring, number) => {
      const clockwise = area(ring) < 0;
      return clockwise === (number === 0) ? ring : ring.slice().reverse();
    }),
  );
  return { ...geometry, coordinates };
}

function area(ring: number[][]): number {
  return ring.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length]!;
    return sum + x! * nextY! - nextX! * y!;
  }, 0);
}
