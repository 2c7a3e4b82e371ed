import type { ExampleTable } from "./example.js";

export interface ExampleFeature {
  type: "Feature";
  geometry: { type: "Polygon"; coordinates: number[][][] } | { type: "Point"; coordinates: number[] };
  properties: Record<string, unknown>;
}

/** Rows of made-up places, always the same: counties of four states on a lattice, airports and hospitals among them. */
export const exampleTables: Record<ExampleTable, () => ExampleFeature[]> = {
  counties: () => Array.from({ length: ACROSS * UP }, (_, i) => county(i)),
  airports: () =>
    Array.from({ length: 40 }, (_, i) => {
      const [longitude, latitude] = [noise(i, 1) * ACROSS, noise(i, 2) * UP];
      const passengers = Math.round(1000 * noise(i, 3)) + 1;
      return point(longitude, latitude, {
        id: i + 1,
        state: stateAt(longitude, latitude),
        longitude,
        latitude,
        passengers,
      });
    }),
  hospitals: () =>
    Array.from({ length: 12 }, (_, i) => {
      const [longitude, latitude] = [noise(i, 4) * ACROSS, noise(i, 5) * UP];
      return point(longitude, latitude, {
        id: `h${i + 1}`,
        longitude,
        latitude,
        beds: 20 + Math.round(300 * noise(i, 6)),
      });
    }),
  cases: () => Array.from({ length: ACROSS * UP * MONTHS }, (_, i) => cases(Math.floor(i / MONTHS), i % MONTHS)),
};

/** Months for which there are cases of each county. */
const MONTHS = 12;

const ACROSS = 8;
const UP = 6;

function county(i: number): ExampleFeature {
  const [x, y] = [i % ACROSS, Math.floor(i / ACROSS)];
  const corner = (dx: number, dy: number): number[] => [x + dx + bend(x + dx, y + dy), y + dy + bend(y + dy, x + dx)];
  const unemployment = round(6 + x * 0.7 - y * 0.4 + 3 * noise(i, 7));
  const income = Math.round(60_000 - 1500 * unemployment + 9000 * noise(i, 10));
  const births = 200 + Math.round(3000 * noise(i, 8));
  return {
    type: "Feature",
    geometry: {
      type: "Polygon",
      coordinates: [[corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1), corner(0, 0)]],
    },
    properties: {
      id: i + 1,
      name: `County ${i + 1}`,
      state: stateAt(x + 0.5, y + 0.5),
      unemployment,
      vacancies: round(12 - unemployment * 0.6 + 2 * noise(i, 9)),
      income,
      income_2000: Math.round(0.6 * income + 6000 * noise(i, 16)),
      income_2010: Math.round(0.8 * income + 6000 * noise(i, 17)),
      population: 5000 + Math.round(90_000 * noise(i, 11)),
      births,
      deaths: Math.round(births * (0.01 + 0.02 * noise(i, 12))),
      is_urban: Number(noise(i, 13) + x / 20 > 0.6),
    },
  };
}

/** Cases of a county in a month: an outbreak spreads from the south-west, as another dies down in the north-east. */
function cases(i: number, month: number): ExampleFeature {
  const { geometry, properties } = county(i);
  const [x, y] = [i % ACROSS, Math.floor(i / ACROSS)];
  const spread = 60 * (month / MONTHS) * 0.6 ** Math.hypot(x - 1, y - 1);
  const left = 60 * (1 - month / MONTHS) * 0.6 ** Math.hypot(x - 6, y - 4);
  return {
    type: "Feature",
    geometry,
    properties: {
      id: MONTHS * i + month + 1,
      county: properties.name,
      state: properties.state,
      month: `2024-${String(month + 1).padStart(2, "0")}-01`,
      cases: Math.round(spread + left + 12 * noise(MONTHS * i + month, 15)),
    },
  };
}

const point = (x: number, y: number, properties: Record<string, unknown>): ExampleFeature => ({
  type: "Feature",
  geometry: { type: "Point", coordinates: [x, y] },
  properties,
});

const stateAt = (x: number, y: number): string =>
  `${y < UP / 2 ? "South" : "North"} ${x < ACROSS / 2 ? "West" : "East"}`;

const round = (value: number): number => Math.round(value * 10) / 10;

/** Corners are a little off the lattice, the same for all who share them. */
const bend = (x: number, y: number): number => (noise(31 * x + y, 14) - 0.5) / 5;

/** A number from 0 to 1 that looks drawn: bits of a product, mixed, which are the same everywhere. */
function noise(i: number, stream: number): number {
  let bits = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(stream, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
}
