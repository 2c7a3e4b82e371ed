import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { feature } from "topojson-client";
import { centroids, geometryFromGeoJson, knn, sphericalCentroids } from "driveshaft";
import { placeOf } from "#dist/geometry/place.js";
import { close, failure } from "../support/assertions.js";
import { generator } from "../support/random.js";

type Place = [lon: number, lat: number];
type Vector = [x: number, y: number, z: number];

const DEGREE = Math.PI / 180;

const vectorOf = ([lon, lat]: Place): Vector => [
  Math.cos(lat * DEGREE) * Math.cos(lon * DEGREE),
  Math.cos(lat * DEGREE) * Math.sin(lon * DEGREE),
  Math.sin(lat * DEGREE),
];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** The degrees of arc between two places. */
function between(a: Place, b: Place): number {
  const [u, v] = [vectorOf(a), vectorOf(b)];
  return Math.atan2(Math.hypot(...cross(u, v)), dot(u, v)) / DEGREE;
}

/** The centroid of polygons and their holes, each a list of rings. */
function centroidOf(...polygons: Place[][][]): Place {
  const coordinates = polygons.map((rings) => rings.map((ring) => [...ring, ring[0]!]));
  const { xs, ys } = sphericalCentroids(geometryFromGeoJson([{ geometry: { type: "MultiPolygon", coordinates } }]));
  return [xs[0]!, ys[0]!];
}

/**
 * Whether a place lies in a ring of less than a hemisphere around `inner`, by the angles that its edges take up around
 * it.
 */
function isInside(at: Vector, ring: Vector[], inner: Vector): boolean {
  if (dot(at, inner) < 0) return false;
  let turn = 0;
  ring.forEach((a, i) => {
    const b = ring[(i + 1) % ring.length]!;
    turn += Math.atan2(dot(at, cross(a, b)), dot(a, b) - dot(at, a) * dot(at, b));
  });
  return Math.abs(turn) > Math.PI;
}

const data = new URL("../data/world-110m.json", pathToFileURL(createRequire(import.meta.url).resolve("vega-datasets")));
const atlas = JSON.parse(readFileSync(data, "utf8")) as Parameters<typeof feature>[0];
const countries = (
  feature(atlas, atlas.objects.countries!) as unknown as { features: { id: number; geometry: unknown }[] }
).features;
const country = (id: number): number => countries.findIndex((each) => each.id === id);
const [FIJI, RUSSIA, SOLOMON, VANUATU, NEW_CALEDONIA] = [242, 643, 90, 548, 540].map(country) as [
  number,
  number,
  number,
  number,
  number,
];

describe("centroids on the sphere", () => {
  const world = geometryFromGeoJson(countries);

  it("are whole across the date line: Fiji lies at 178.57, Russia at 66.07 degrees north", () => {
    const place = placeOf({ type: "geometry", geometry: world, srid: 4326, geography: false });
    const { xs, ys } = place.points(true, "great_circle");
    close(xs[FIJI]!, 178.57, 1e-4);
    close(ys[FIJI]!, -17.315, 1e-4);
    close(ys[RUSSIA]!, 66.07, 1e-4);
    const { neighbors } = knn(xs, ys, { k: 3, greatCircle: true });
    const nearest = neighbors.subarray(3 * FIJI, 3 * FIJI + 3);
    assert.deepEqual(new Set(nearest), new Set([VANUATU, NEW_CALEDONIA, SOLOMON]));
  });

  it("are the means of places inside, for countries of every kind", () => {
    const { xs, ys } = sphericalCentroids(world);
    for (const id of [840, 10, 643, 710, 304]) {
      const i = country(id);
      const { type, coordinates } = countries[i]!.geometry as { type: string; coordinates: unknown };
      const polygons = (type === "Polygon" ? [coordinates] : coordinates) as Place[][][];
      const rings = polygons.map((polygon) => polygon.map((ring) => ring.slice(0, -1).map(vectorOf)));
      const middle = vectorOf([xs[i]!, ys[i]!]);
      const sum: Vector = [0, 0, 0];
      // a spiral that is as dense everywhere
      const total = 30_000;
      for (let p = 0; p < total; p++) {
        const z = 1 - (2 * p + 1) / total;
        const radius = Math.sqrt(1 - z * z);
        const at: Vector = [radius * Math.cos(p * 2.399963229728653), radius * Math.sin(p * 2.399963229728653), z];
        if (dot(at, middle) < 0.5) continue;
        const inside = rings.some(
          ([outer, ...holes]) => isInside(at, outer!, middle) && !holes.some((hole) => isInside(at, hole, middle)),
        );
        if (inside) at.forEach((value, axis) => (sum[axis]! += value));
      }
      const [x, y, z] = sum;
      const mean: Place = [Math.atan2(y, x) / DEGREE, Math.atan2(z, Math.hypot(x, y)) / DEGREE];
      assert.ok(between(mean, [xs[i]!, ys[i]!]) < 0.5, `${id}: ${mean.join()} and ${xs[i]}, ${ys[i]}`);
    }
  });

  it("of an octant has equal coordinates, of a cap lies at its pole, whatever way they turn and wherever they begin", () => {
    const octant: Place[] = [
      [0, 0],
      [90, 0],
      [0, 90],
    ];
    const cap = Array.from({ length: 24 }, (_, i): Place => [15 * i - 180, -60]);
    for (let first = 0; first < 3; first++) {
      for (const turn of [(ring: Place[]) => ring, (ring: Place[]) => ring.toReversed()]) {
        const [lon, lat] = centroidOf([turn([...octant.slice(first), ...octant.slice(0, first)])]);
        close(lon, 45, 1e-12);
        close(lat, Math.atan(Math.SQRT1_2) / DEGREE, 1e-12);
        close(centroidOf([turn([...cap.slice(first), ...cap.slice(0, first)])])[1], -90, 1e-12);
      }
    }
  });

  it("move with the polygon, its holes and its parts, over the date line and onto a pole", () => {
    const random = generator(31);
    // rectangles in degrees around (0, 0), turned onto other places
    const box = (x: number, y: number, width: number, height: number): Place[] => [
      [x, y],
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
    ];
    const parts = [[box(-2, -1, 5, 3), box(0, 0, 1, 1)], [box(4, -3, 2, 1).toReversed()]];
    const [lon, lat] = centroidOf(...parts);
    for (let trial = 0; trial < 100; trial++) {
      const [around, up] = [360 * random() - 180, trial < 5 ? 90 : 180 * random() - 90];
      const move = (at: Place): Place => {
        const [x, y, z] = vectorOf(at);
        const [s, c] = [Math.sin(up * DEGREE), Math.cos(up * DEGREE)];
        const [u, w] = [c * x - s * z, s * x + c * z];
        return [((Math.atan2(y, u) / DEGREE + around + 540) % 360) - 180, Math.atan2(w, Math.hypot(u, y)) / DEGREE];
      };
      const moved = centroidOf(...parts.map((rings) => rings.map((ring) => ring.map(move))));
      assert.ok(between(moved, move([lon, lat])) < 1e-10);
    }
  });

  it("are exact to a thousandth of the side of a square of a metre, and to a millionth of larger ones'", () => {
    for (const [side, tolerance] of [
      [1e-5, 1e-3],
      [1e-3, 1e-6],
    ] as const) {
      for (const [lon, lat] of [
        [8, 47],
        [179.9999999, 0],
        [-73, -89],
      ] as const) {
        const [x, y] = centroidOf([
          [
            [lon, lat],
            [lon + side, lat],
            [lon + side, lat + side],
            [lon, lat + side],
          ],
        ]);
        close((x - lon + (x < lon ? 360 : 0)) / side, 0.5, tolerance);
        // the south side of a square is longer north of the equator
        close((y - lat) / side, 0.5, tolerance + side);
      }
    }
  });

  it("agree with those in the plane where polygons are small and near the equator", () => {
    const random = generator(8);
    const ring = Array.from({ length: 9 }, (_, i): Place => {
      const radius = 1e-3 * (0.3 + random());
      return [radius * Math.cos((i * 2 * Math.PI) / 9), radius * Math.sin((i * 2 * Math.PI) / 9)];
    });
    const geometry = geometryFromGeoJson([{ geometry: { type: "Polygon", coordinates: [[...ring, ring[0]]] } }]);
    const plane = centroids(geometry);
    assert.ok(between(centroidOf([ring]), [plane.xs[0]!, plane.ys[0]!]) < 1e-12);
  });

  it("leave points as they are, have no place where a feature has none, and take the vertices where there is no area", () => {
    const line: Place[] = [
      [179, 10],
      [-179, 10],
    ];
    const { xs, ys } = sphericalCentroids(
      geometryFromGeoJson([
        { geometry: { type: "Point", coordinates: [190, 40.1] } },
        { geometry: null },
        { geometry: { type: "Polygon", coordinates: [[...line, line[0]]] } },
        {
          geometry: {
            type: "Polygon",
            coordinates: [
              [
                [10, 20],
                [10, 21],
                [10, 23],
                [10, 20],
              ],
            ],
          },
        },
        {
          geometry: {
            type: "Polygon",
            coordinates: [
              [
                [0, 0],
                [180, 0],
                [0, 0],
              ],
            ],
          },
        },
      ]),
    );
    assert.deepEqual([xs[0], ys[0], xs[1], ys[1]], [190, 40.1, NaN, NaN]);
    close(Math.abs(xs[2]!), 180, 1e-12);
    close(xs[3]!, 10, 1e-12);
    close(ys[3]!, 64 / 3, 1e-5);
    assert.deepEqual([xs[4], ys[4]], [0, 0]);
  });

  it("refuse vertices that are no longitudes and latitudes, but not a pole with a rounding error", () => {
    const at = (lat: number): unknown => {
      const coordinates = [
        [
          [0, 80],
          [10, lat],
          [20, 80],
          [0, 80],
        ],
      ];
      const geometry = geometryFromGeoJson([{ geometry: { type: "Polygon", coordinates } }]);
      return placeOf({ type: "geometry", geometry, srid: 4326, geography: false }).points(true, "great_circle");
    };
    assert.throws(
      () => at(90.1),
      failure("INVALID_PARAMETER", /great_circle is true, but \(10, 90\.1\) is not a longitude/),
    );
    assert.doesNotThrow(() => at(90.00000000000001));
  });
});
