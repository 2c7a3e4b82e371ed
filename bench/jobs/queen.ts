import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature } from "topojson-client";
import { geometryFromGeoJson, queen, type Polygons } from "driveshaft";
import { grid } from "../data.js";
import type { BenchJob, Contestant, Round } from "../measure.js";
import { geodaCore } from "../peers/geoda.js";
import { jsgeoda, readMap } from "../peers/jsgeoda.js";

/** The shapes of 3,231 US counties, of many vertices each. */
function counties(): { geometry: unknown }[] {
  const file = createRequire(import.meta.url).resolve("us-atlas/counties-10m.json");
  const atlas = JSON.parse(readFileSync(file, "utf8")) as Parameters<typeof feature>[0];
  return (feature(atlas, atlas.objects.counties!) as unknown as { features: { geometry: unknown }[] }).features;
}

/** Queen contiguity: counties, and grids that grow. */
export const queenJob: BenchJob = {
  name: "queen",
  async *rounds() {
    const core = await geodaCore();
    const geoda = await jsgeoda();
    const shapes = counties();
    yield round("US counties", geometryFromGeoJson(shapes), shapes);
    for (const side of [100, 316, 1000]) {
      const { xs, ys, offsets, features } = grid(side);
      // the time and memory of the others for a million are out of proportion
      const peers = side < 1000 ? features() : undefined;
      yield round("jittered grid", { xs, ys, ringOffsets: offsets, featureOffsets: offsets }, peers);
    }

    function round(shape: string, polygons: Polygons, features?: { geometry: unknown }[]): Round {
      const size = polygons.featureOffsets.length - 1;
      const peers: Contestant[] = features
        ? [
            {
              tool: "@geoda/core",
              run: () =>
                core.createWeights({ weightsType: "queen", isQueen: true, useCentroids: false, geometries: features }),
            },
            {
              tool: "jsgeoda",
              prepare: () => readMap(geoda, features),
              run: (map) => geoda.getQueenWeights(map as string),
            },
          ]
        : [];
      return {
        size,
        options: { shape },
        repetitions: 3,
        // vertices in, eight neighbors out
        work: { bytes: polygons.xs.length * 16 + size * 8 * 4 },
        contestants: [{ tool: "driveshaft", run: () => queen(polygons) }, ...peers],
      };
    }
  },
};
