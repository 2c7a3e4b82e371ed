/** npm run bench [-- JOB ...] [--json]: every job beside the tools a user would otherwise pick, in one process. */
import { cpus } from "node:os";
import { datapathJob } from "./jobs/datapath.js";
import { globalJob } from "./jobs/global.js";
import { kmeansJob } from "./jobs/kmeans.js";
import { knnJob } from "./jobs/knn.js";
import { localJob } from "./jobs/local.js";
import { moranLocalJob } from "./jobs/moran_local.js";
import { queenJob } from "./jobs/queen.js";
import { sqlJob } from "./jobs/sql.js";
import { weightsJob } from "./jobs/weights.js";
import { measure, type Reading, type Timing } from "./measure.js";

const jobs = [moranLocalJob, localJob, globalJob, knnJob, weightsJob, queenJob, kmeansJob, sqlJob, datapathJob];
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
  const [value, unit, ratio] =
    "ms" in result ? [result.ms, "ms", result.ratio] : [result.value, result.unit, undefined];
  return [
    job.padEnd(12),
    size.toLocaleString("en-US").padStart(9),
    set.join(", ").padEnd(38),
    tool.padEnd(12),
    `${value.toLocaleString("en-US", { maximumFractionDigits: 1 })} ${unit}`.padStart(12),
    (ratio === undefined ? "" : `× ${ratio}`).padStart(8),
  ].join("  ");
}

if (!json)
  console.log(
    `Node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}; medians; × is the tool's time over ours\n`,
  );
for (const job of jobs) {
  if (names.length > 0 && !names.includes(job.name)) continue;
  for await (const round of job.rounds()) {
    const results = [...(await measure(job.name, round)), ...(round.readings?.() ?? [])];
    for (const result of results) console.log(json ? JSON.stringify(result) : line(result));
  }
}
// the peers leave timers and workers behind
process.exit(0);
