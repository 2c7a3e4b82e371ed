import * as Plot from "@observablehq/plot";
import { cellText, type Cell } from "../table/cell.js";
import { cell, type Column } from "../table/column.js";
import { placeNumber, placesColumns, type Table } from "../table/table.js";
import { DEGREES, type Places } from "../geometry/place.js";
import { toGeoJson, type GeoJsonGeometry } from "../geometry/to-geojson.js";
import { clusterColors, numberColors } from "./colors.js";
import { escape, render, type Figure } from "./render.js";

/** Columns that color a map, in order of preference. */
const classes = ["pattern", "cluster", "cluster_no", "class"];

/**
 * A map of a result: of the geometry that it has, else of the places of its rows, in the colors of its classes.
 * Undefined where there is no place, or there are no classes of places.
 */
export function resultMap(table: Table, projection?: string): Figure | undefined {
  const [own] = placesColumns(table);
  const classColumn = table.columns.find(({ name }) => classes.includes(name));
  const drawn = own?.column ?? (classColumn && table.places);
  if (!drawn) return undefined;
  const features = Array.from({ length: table.n }, (_, row) => {
    const geometry = toGeoJson(drawn.geometry, own ? row : placeNumber(table, row));
    return geometry && { type: "Feature" as const, geometry: wind(geometry), properties: { row } };
  }).filter((feature) => feature !== null);
  if (features.length === 0) return undefined;
  const domain = { type: "FeatureCollection" as const, features };
  const classOf = (row: number): Cell => cell(classColumn!.column, row);
  const told = table.columns.filter(({ column }) => column.type !== "geometry");
  const title = (row: number): string =>
    told.map(({ name, column }) => `${name} ${round(cell(column, row))}`).join("\n");
  const points = features.every(({ geometry }) => geometry.type === "Point");
  const fill = classColumn
    ? { fill: ({ properties }: (typeof features)[number]) => color(classOf(properties.row)), stroke: "#888" }
    : plain;
  const svg = render({
    width: 1000,
    height: 620,
    projection: { type: projection ?? guessProjection(drawn), domain } as Plot.ProjectionOptions,
    marks: [
      Plot.geo(features, {
        strokeWidth: 0.15,
        ...fill,
        ...(points && { stroke: "white", strokeWidth: 0.3, r: 3 }),
        title: ({ properties }: (typeof features)[number]) => title(properties.row),
      }),
    ],
  });
  const caption = `${(classColumn ?? own!).name} of ${table.n} rows`;
  return { caption, legend: classColumn ? legend(classColumn.column, table.n) : "", svg };
}

/** How shapes without classes are drawn, which may overlap. */
const plain = { fill: numberColors[0]!, fillOpacity: 0.3, stroke: numberColors[0]!, strokeWidth: 1 };

/** The classes with their colors and how many rows each has. */
function legend(column: Column, n: number): string {
  const counts = new Map<Cell, number>();
  for (let row = 0; row < n; row++) counts.set(cell(column, row), (counts.get(cell(column, row)) ?? 0) + 1);
  const order = [...counts].sort(([a], [b]) => rank(a) - rank(b)).slice(0, 24);
  const entries = order.map(
    ([name, count]) =>
      `<span style="margin-right:1.2em"><span class="swatch" style="background:${color(name)}"></span>${escape(cellText(name))} (${count})</span>`,
  );
  return `<div>${entries.join("")}</div>`;
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
function guessProjection({
  geometry: { xs, ys },
  srid,
}: Pick<Places, "geometry" | "srid">): "equal-earth" | "reflect-y" {
  if (srid !== 0 && srid !== DEGREES) return "reflect-y";
  const lonLat = xs.every((x) => Math.abs(x) <= 180) && ys.every((y) => Math.abs(y) <= 90);
  const span = xs.reduce((a, b) => Math.max(a, b), -Infinity) - xs.reduce((a, b) => Math.min(a, b), Infinity);
  return lonLat && span > 20 ? "equal-earth" : "reflect-y";
}

function wind(geometry: GeoJsonGeometry): GeoJsonGeometry {
  switch (geometry.type) {
    case "Point":
    case "LineString":
    case "MultiLineString":
      return geometry;
    case "Polygon":
      return { ...geometry, coordinates: windRings(geometry.coordinates) };
    case "MultiPolygon":
      return { ...geometry, coordinates: geometry.coordinates.map(windRings) };
  }
}

/** On the sphere the inside of a ring is to its right, so outlines go clockwise and holes the other way. */
const windRings = (rings: number[][][]): number[][][] =>
  rings.map((ring, number) => (area(ring) < 0 === (number === 0) ? ring : ring.slice().reverse()));

function area(ring: number[][]): number {
  return ring.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length]!;
    return sum + x! * nextY! - nextX! * y!;
  }, 0);
}
