import { queen } from "driveshaft";
import { grid } from "../data.js";
import type { BenchJob } from "../measure.js";
import { geodaCore } from "../peers/geoda.js";
import { jsgeoda, readMap } from "../peers/jsgeoda.js";

export const queenJob: BenchJob = {
  name: "queen",
  async *rounds() {
    const core = await geodaCore();
    const geoda = await jsgeoda();
    const { xs, ys, offsets, features } = grid(316);
    yield {
      size: features.length,
      options: { shape: "jittered grid" },
      repetitions: 7,
      contestants: [
        { tool: "driveshaft", run: () => queen({ xs, ys, ringOffsets: offsets, featureOffsets: offsets }) },
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
      ],
    };
  },
};
