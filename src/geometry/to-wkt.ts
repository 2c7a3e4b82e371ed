import type { GeoJsonGeometry } from "./to-geojson.js";

/** A geometry as well-known text (OGC 06-103r4, section 7). */
export const toWkt = ({ type, coordinates }: GeoJsonGeometry): string =>
  `${type.toUpperCase()} ${inBrackets(type === "Point" ? [coordinates] : coordinates)}`;

type Nested = number[] | Nested[];

const inBrackets = (parts: Nested[]): string => `(${parts.map(text).join(", ")})`;
const text = (part: Nested): string => (isPosition(part) ? part.join(" ") : inBrackets(part));
const isPosition = (part: Nested): part is number[] => typeof part[0] === "number";
