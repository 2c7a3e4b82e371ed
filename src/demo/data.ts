import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type pg from "pg";
import { parse } from "csv-parse/sync";
import { missingPackages } from "./server.js";

const require = createRequire(import.meta.url);

/** Loads US counties with their unemployment of 2009, and US airports, into tables of the connection's role. */
export async function loadData(client: pg.Client): Promise<{ counties: number; airports: number }> {
  const counties = await readCounties();
  await client.query(
    "CREATE TABLE counties (id integer PRIMARY KEY, name text NOT NULL, geom jsonb NOT NULL, unemployment double precision)",
  );
  await client.query(
    "INSERT INTO counties SELECT * FROM unnest($1::integer[], $2::text[], $3::jsonb[], $4::float8[])",
    [
      counties.map((county) => county.id),
      counties.map((county) => county.name),
      counties.map((county) => JSON.stringify(county.geometry)),
      counties.map((county) => county.unemployment ?? null),
    ],
  );
  const airports = await readAirports();
  await client.query(
    "CREATE TABLE airports (iata text PRIMARY KEY, name text NOT NULL, longitude double precision, latitude double precision)",
  );
  await client.query("INSERT INTO airports SELECT * FROM unnest($1::text[], $2::text[], $3::float8[], $4::float8[])", [
    airports.map((airport) => airport.iata),
    airports.map((airport) => airport.name),
    airports.map((airport) => Number(airport.longitude)),
    airports.map((airport) => Number(airport.latitude)),
  ]);
  return { counties: counties.length, airports: airports.length };
}

interface County {
  id: number;
  name: string;
  geometry: unknown;
  unemployment: number | undefined;
}

/**
 * Shapes from us-atlas, rates from vega-datasets; FIPS codes of the rates lack leading zeros, so they match as numbers.
 */
async function readCounties(): Promise<County[]> {
  const { feature } = await import("topojson-client").catch((cause: unknown) => {
    throw missingPackages(cause);
  });
  const atlas = JSON.parse(await packageFile("us-atlas", "counties-10m.json")) as Parameters<typeof feature>[0];
  const rates = new Map(
    rows(await packageFile("vega-datasets", "data/unemployment.tsv"), "\t").map(({ id, rate }) => [
      Number(id),
      Number(rate),
    ]),
  );
  const { features } = feature(atlas, atlas.objects.counties!) as unknown as {
    features: { id: string; properties: { name: string }; geometry: unknown }[];
  };
  return features.map(({ id, properties, geometry }) => ({
    id: Number(id),
    name: properties.name,
    geometry,
    unemployment: rates.get(Number(id)),
  }));
}

async function readAirports(): Promise<Record<string, string>[]> {
  return rows(await packageFile("vega-datasets", "data/airports.csv"), ",");
}

const rows = (text: string, delimiter: string): Record<string, string>[] => parse(text, { columns: true, delimiter });

/** A data file of a package. Packages need not export their files, so the folder is found by their package.json. */
async function packageFile(name: string, file: string): Promise<string> {
  try {
    const folders = require.resolve.paths(name) ?? [];
    for (const folder of folders) {
      const text = await readFile(`${folder}/${name}/${file}`, "utf8").catch(() => undefined);
      if (text !== undefined) return text;
    }
    throw new Error(`${name}/${file} is not installed`);
  } catch (cause) {
    throw missingPackages(cause);
  }
}
