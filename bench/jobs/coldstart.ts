import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { promisify } from "node:util";
import { packageFunctions } from "../../test/support/package.js";
import type { BenchJob } from "../measure.js";

const RUNS = 15;

/** From the start of loading, as Lambda's runtime does it, to the handler, in a process that has done nothing else. */
const program = `
const since = performance.now();
const { handler } = require(process.argv[1]);
if (typeof handler !== "function") throw new Error("no handler");
console.log(performance.now() - since);`;

/** Bundles as they are deployed, each loaded in fresh processes, and their size. */
export const coldstartJob: BenchJob = {
  name: "coldstart",
  async *rounds() {
    const { folder, bundles } = await packageFunctions();
    try {
      for (const name of ["moran_local", "moran", "kmeans", "sweep"]) {
        const module = bundles.module(name);
        const times: number[] = [];
        for (let run = 0; run < RUNS; run++) {
          const { stdout } = await promisify(execFile)(process.execPath, ["-e", program, module]);
          times.push(Number(stdout));
        }
        times.sort((a, b) => a - b);
        const result = {
          job: "coldstart",
          size: bundles.zipped[name]!,
          options: { function: name },
          tool: "driveshaft",
        };
        yield {
          size: result.size,
          options: result.options,
          repetitions: 0,
          contestants: [],
          readings: () => [{ ...result, value: times[RUNS >> 1]!, unit: "ms" }],
        };
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};
