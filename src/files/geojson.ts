import { DriveshaftError } from "../errors.js";
import { readGeoJson } from "../geometry/geojson.js";
import type { Source } from "../job/source.js";
import { rowsOfRecords } from "./records.js";

interface Feature {
  id?: string | number;
  geometry: unknown;
  properties: Record<string, unknown> | null;
}

/** The name under which a feature's geometry is a column. */
const GEOMETRY = "geometry";

/** A GeoJSON FeatureCollection: properties are columns, and so is the geometry. */
export function readGeoJsonFile(file: string, text: string): Source {
  const features = parseFeatures(file, text);
  const names = [GEOMETRY, ...new Set(features.flatMap((feature) => Object.keys(feature.properties ?? {})))];
  const where = (record: number): string => `${file}, feature ${record}`;
  const columns = names.map((name) => ({ name, type: name === GEOMETRY ? "geometry" : "json" }));
  return {
    columns,
    read: (readings, _, rowLimit) =>
      Promise.resolve(
        rowsOfRecords(
          {
            n: features.length,
            value: (record, column) =>
              column === 0 ? features[record]!.geometry : features[record]!.properties?.[names[column]!],
            where,
            place: (record, column, builder) => {
              const { geometry, properties } = features[record]!;
              readGeoJson(column === 0 ? geometry : (properties?.[names[column]!] ?? null), builder, () =>
                where(record),
              );
            },
            ownId: (record) => features[record]!.id,
          },
          readings,
          columns,
          rowLimit,
        ),
      ),
  };
}

function parseFeatures(file: string, text: string): Feature[] {
  let value: { type?: unknown; features?: unknown };
  try {
    value = JSON.parse(text) as typeof value;
  } catch (cause) {
    const { message } = cause as Error;
    throw new DriveshaftError("INVALID_FILE", `${file}, line ${lineOf(text, message)}: ${message}`, { cause });
  }
  if (value?.type !== "FeatureCollection" || !Array.isArray(value.features)) {
    throw new DriveshaftError("INVALID_FILE", `${file}: not a GeoJSON FeatureCollection`);
  }
  value.features.forEach((feature: unknown, index) => {
    if (typeof feature !== "object" || feature === null || !("geometry" in feature)) {
      throw new DriveshaftError("INVALID_FILE", `${file}, feature ${index}: not a GeoJSON Feature`);
    }
  });
  return value.features as Feature[];
}

/** The line that JSON.parse complains of: it tells a position, or the text ended early. */
function lineOf(text: string, message: string): number {
  const position = /position (\d+)/.exec(message)?.[1];
  return text.slice(0, position === undefined ? text.length : Number(position)).split("\n").length;
}
