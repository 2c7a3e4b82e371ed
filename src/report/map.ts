import * as Plot from "@observablehq/plot";
import { cellText, type Cell } from "../table/cell.js";
import { cell, type Column, type NamedColumn } from "../table/column.js";
import { placeNumber, placesColumns, type Table } from "../table/table.js";
import { DEGREES, type Places } from "../geometry/place.js";
import { toGeoJson, type GeoJsonGeometry } from "../geometry/to-geojson.js";
import { clusterColors, numberColors } from "./colors.js";
import { numberClasses, type NumberClasses } from "./number-classes.js";
import { escape, render, type Figure } from "./render.js";

/** Columns that color a map, in order of preference: those of classes, else those of numbers. */
const classes = ["pattern", "cluster", "cluster_no", "class"];
const numbers = [/^coefficient_/, /^residual$/, /^lof$/, /^predicted$/, /^distance$/];

/** Maps of numbers, at most. */
const MOST_MAPS = 6;

/**
 * Maps of a result: of the geometry that it has, else of the places of its rows, in the colors of its classes, or each
 * in those of a column of numbers. None where there is no place, or nothing to color places by.
 */
export function resultMaps(table: Table, projection?: string): Figure[] {
  const [own] = placesColumns(table);
  const drawn = own?.column ?? table.places;
  if (!drawn) return [];
  const colorings = coloringsOf(table);
  const chosen = colorings.length > 0 ? colorings : own ? [{ name: own.name, legend: "", mark: plain }] : [];
  const features = chosen.length > 0 ? featuresOf(table, drawn, own !== undefined) : [];
  if (features.length === 0) return [];
  const domain = { type: "FeatureCollection" as const, features };
  const told = table.columns.filter(({ column }) => column.type !== "geometry");
  const title = (row: number): string =>
    told.map(({ name, column }) => `${name} ${round(cell(column, row))}`).join("\n");
  const points = features.every(({ geometry }) => geometry.type === "Point");
  return chosen.map(({ name, legend, mark }) => ({
    caption: `${name} of ${table.n} rows`,
    legend,
    svg: render({
      width: 1000,
      height: 620,
      projection: { type: projection ?? guessProjection(drawn), domain } as Plot.ProjectionOptions,
      marks: [
        Plot.geo(features, {
          strokeWidth: 0.15,
          ...mark,
          ...(points && { stroke: "white", strokeWidth: 0.3, r: 3 }),
          title: ({ properties }: PlacedRow) => title(properties.row),
        }),
      ],
    }),
  }));
}

/** A row of the result at its place. */
interface PlacedRow {
  type: "Feature";
  geometry: GeoJsonGeometry;
  properties: { row: number };
}

/** @param isOwn each row has a place of its own; else the table says which it has */
function featuresOf(table: Table, { geometry }: Places, isOwn: boolean): PlacedRow[] {
  return Array.from({ length: table.n }, (_, row): PlacedRow | undefined => {
    const shape = toGeoJson(geometry, isOwn ? row : placeNumber(table, row));
    return shape ? { type: "Feature", geometry: wind(shape), properties: { row } } : undefined;
  }).filter((feature) => feature !== undefined);
}

/** How a map is colored, and its legend. */
interface Coloring {
  name: string;
  legend: string;
  mark: Plot.GeoOptions;
}

function coloringsOf({ columns, n }: Table): Coloring[] {
  const classColumn = columns.find(({ name }) => classes.includes(name));
  if (classColumn) return [byClass(classColumn, n)];
  const found = numbers.map((pattern) => columns.filter(({ name }) => pattern.test(name)));
  return (found.find((of) => of.length > 0) ?? []).slice(0, MOST_MAPS).map((column) => byNumber(column, n));
}

const filled = (colorOf: (row: number) => string): Plot.GeoOptions => ({
  fill: ({ properties }: PlacedRow) => colorOf(properties.row),
  stroke: "#888",
});

const byClass = ({ name, column }: NamedColumn, n: number): Coloring => ({
  name,
  legend: legendOf(column, n),
  mark: filled((row) => color(cell(column, row))),
});

function byNumber({ name, column }: NamedColumn, n: number): Coloring {
  const values = Array.from({ length: n }, (_, row) => cell(column, row)).filter((value) => typeof value === "number");
  const { classes, colorOf } = numberClasses(values);
  return {
    name,
    legend: legend(classes),
    mark: filled((row) => {
      const value = cell(column, row);
      return typeof value === "number" ? colorOf(value) : color("undefined");
    }),
  };
}

/** How shapes without classes are drawn, which may overlap. */
const plain = { fill: numberColors[0]!, fillOpacity: 0.3, stroke: numberColors[0]!, strokeWidth: 1 };

/** The classes with their colors and how many rows each has. */
function legendOf(column: Column, n: number): string {
  const counts = new Map<Cell, number>();
  for (let row = 0; row < n; row++) counts.set(cell(column, row), (counts.get(cell(column, row)) ?? 0) + 1);
  const order = [...counts].sort(([a], [b]) => rank(a) - rank(b)).slice(0, 24);
  return legend(order.map(([name, count]) => ({ color: color(name), text: cellText(name), count })));
}

function legend(classes: NumberClasses["classes"]): string {
  const entries = classes.map(
    ({ color, text, count }) =>
      `<span style="margin-right:1.2em"><span class="swatch" style="background:${color}"></span>${escape(text)} (${count})</span>`,
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
