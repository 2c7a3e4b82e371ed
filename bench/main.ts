/**
 * npm run bench [-- JOB ...] [--json]: every job beside the tools a user would otherwise pick, in one process;
 * with --calibrate, what the estimates are made from.
 */
import { cpus } from "node:os";
import { calibrate } from "./calibrate.js";
import { classifyJob } from "./jobs/classify.js";
import { coldstartJob } from "./jobs/coldstart.js";
import { crankshaftJob } from "./jobs/crankshaft.js";
import { datapathJob } from "./jobs/datapath.js";
import { dbscanJob } from "./jobs/dbscan.js";
import { dotDensityJob } from "./jobs/dot_density.js";
import { emergingHotSpotsJob } from "./jobs/emerging_hot_spots.js";
import { estimateJob } from "./jobs/estimate.js";
import { exactJob } from "./jobs/exact.js";
import { globalJob } from "./jobs/global.js";
import { gravityJob } from "./jobs/gravity.js";
import { groupsJob } from "./jobs/groups.js";
import { gwrJob } from "./jobs/gwr.js";
import { hdbscanJob } from "./jobs/hdbscan.js";
import { hotSpotsJob } from "./jobs/hot_spots.js";
import { hullJob } from "./jobs/hull.js";
import { kmeansJob } from "./jobs/kmeans.js";
import { knnJob } from "./jobs/knn.js";
import { localJob } from "./jobs/local.js";
import { lofJob } from "./jobs/lof.js";
import { meanCenterJob } from "./jobs/mean_center.js";
import { mgwrJob } from "./jobs/mgwr.js";
import { moranLocalJob } from "./jobs/moran_local.js";
import { nearestJob } from "./jobs/nearest.js";
import { olsJob } from "./jobs/ols.js";
import { overlapSumJob } from "./jobs/overlap_sum.js";
import { queenJob } from "./jobs/queen.js";
import { segmentJob } from "./jobs/segment.js";
import { similarJob } from "./jobs/similar.js";
import { spatialMarkovJob } from "./jobs/spatial_markov.js";
import { sqlJob } from "./jobs/sql.js";
import { stopJob } from "./jobs/stop.js";
import { surfacesJob } from "./jobs/surfaces.js";
import { throughputJob } from "./jobs/throughput.js";
import { variablesJob } from "./jobs/variables.js";
import { weightsJob } from "./jobs/weights.js";
import { measureMachine } from "./machine.js";
import { measure, type Reading, type Timing } from "./measure.js";

const jobs = [
  moranLocalJob,
  groupsJob,
  variablesJob,
  localJob,
  exactJob,
  stopJob,
  globalJob,
  knnJob,
  nearestJob,
  gravityJob,
  overlapSumJob,
  weightsJob,
  queenJob,
  olsJob,
  gwrJob,
  mgwrJob,
  segmentJob,
  spatialMarkovJob,
  kmeansJob,
  dbscanJob,
  hdbscanJob,
  lofJob,
  similarJob,
  classifyJob,
  meanCenterJob,
  hullJob,
  surfacesJob,
  dotDensityJob,
  hotSpotsJob,
  emergingHotSpotsJob,
  sqlJob,
  datapathJob,
  throughputJob,
  crankshaftJob,
  coldstartJob,
  estimateJob,
];
if (process.argv.includes("--calibrate")) {
  await calibrate(process.argv.slice(process.argv.indexOf("--calibrate") + 1));
  process.exit(0);
}
const json = process.argv.includes("--json");
const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const unknown = names.find((name) => !jobs.some((job) => job.name === name));
if (unknown !== undefined) {
  console.error(`there is no job ${unknown}; there are: ${jobs.map((job) => job.name).join(", ")}`);
  process.exit(1);
}

function line(result: Timing | Reading): string {
  const { job, size, options, tool } = result;
  const set = Object.entries(options).map(([name, value]) => `${name} ${String(value)}`);
  const [value, unit, ratio, limit] =
    "ms" in result ? [result.ms, "ms", result.ratio, result.limit] : [result.value, result.unit];
  const share = limit && `limit ${limit.ms} ms by ${limit.by}`;
  return [
    job.padEnd(12),
    size.toLocaleString("en-US").padStart(9),
    set.join(", ").padEnd(38),
    tool.padEnd(12),
    `${value.toLocaleString("en-US", { maximumFractionDigits: 1 })} ${unit}`.padStart(12),
    (ratio === undefined ? "" : `× ${ratio}`).padStart(8),
    share ?? "",
  ]
    .join("  ")
    .trimEnd();
}

const machine = await measureMachine();
const setting = { node: process.version, processor: cpus()[0]?.model ?? "unknown", date: new Date().toISOString() };
if (json) console.log(JSON.stringify({ ...setting, machine }));
else {
  console.log(`Node ${setting.node}, ${setting.processor}; medians; × is the tool's time over ours`);
  console.log(
    `one thread in WebAssembly: ${(machine.bytes / 1e6).toFixed(1)} GB/s from memory, ${(machine.adds / 1e6).toFixed(1)} billion multiply-adds and ${(machine.numbers / 1e6).toFixed(1)} billion random numbers a second\n`,
  );
}
for (const job of jobs) {
  if (names.length > 0 && !names.includes(job.name)) continue;
  for await (const round of job.rounds()) {
    const results = [...(await measure(job.name, round, machine)), ...(round.readings?.() ?? [])];
    for (const result of results) console.log(json ? JSON.stringify(result) : line(result));
  }
}
// the peers leave timers and workers behind
process.exit(0);
