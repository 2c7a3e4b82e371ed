/**
 * Writes the tables of docs/performance.md anew from results of the benchmark on standard input:
 * npm run bench -- --json | node scripts/update-performance.mjs
 * Tables of jobs that were not run stay.
 */
import { readFile, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { replaceTable } from "./replace-table.mjs";

const lines = (await text(process.stdin)).split("\n").filter((line) => line.startsWith("{"));
const [setting, ...results] = lines.map((line) => JSON.parse(line));
const file = new URL("../docs/performance.md", import.meta.url);
let page = await readFile(file, "utf8");

/** 1234.5 as 1,235 ms, 12.34 as 12 ms, 1.234 as 1.2 ms. */
const ms = (value) => `${value >= 10 ? Math.round(value).toLocaleString("en-US") : Number(value.toPrecision(2))} ms`;
const times = (ratio) => `${Number(ratio.toPrecision(ratio >= 100 ? 3 : 2))}`;

/** Results of one size and set of options belong together: ours, with more threads, and the others'. */
function rows(job) {
  const groups = new Map();
  for (const result of results.filter((each) => each.job === job && "ms" in each)) {
    const key = JSON.stringify([result.size, result.options]);
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups.values()].map((group) => {
    const [own, ...others] = group;
    const threads = others.find(({ tool }) => tool === "2 threads");
    const tools = others.filter((other) => other !== threads);
    // our own functions beside a job of ours are no other tool
    const peers = tools.filter(({ tool }) => tool !== "library");
    const least = Math.min(...peers.map(({ ratio }) => ratio));
    const { limit } = own;
    const what = Object.entries(own.options)
      .map(([name, value]) =>
        ["statistic", "type", "shape", "on", "analysis", "what"].includes(name)
          ? value
          : `${name} ${value.toLocaleString("en-US")}`,
      )
      .join(", ");
    return [
      own.size.toLocaleString("en-US"),
      what,
      ms(own.ms),
      threads ? ms(threads.ms) : "",
      tools.map(({ tool, ms: time }) => `${tool} ${ms(time)}`).join(", "),
      peers.length > 0 ? times(least) : "",
      limit ? `${ms(limit.ms)}, ${limit.by}` : "",
      limit ? `${Number(((100 * limit.ms) / own.ms).toPrecision(2))} %` : "",
    ];
  });
}

const header = ["locations", "what", "driveshaft", "two threads", "others", "ratio", "limit", "of the limit"];
const sections = {
  "Local Moran": "moran_local",
  Groups: "groups",
  "Many variables": "variables",
  "Local statistics": "local",
  "Exact inference": "exact",
  "Ending early": "stop",
  "Global permutation tests": "global",
  "k nearest neighbors": "knn",
  "Nearest of other places": "nearest",
  "Gravity model": "gravity",
  "Sums by overlap": "overlap_sum",
  Contiguity: "queen",
  "Distances and triangulations": "weights",
  Regression: "ols",
  "Geographically weighted regression": "gwr",
  "Multiscale geographically weighted regression": "mgwr",
  Segmentation: "segment",
  "k-means": "kmeans",
  DBSCAN: "dbscan",
  HDBSCAN: "hdbscan",
  "Local outlier factor": "lof",
  "Similar rows": "similar",
  "Classes of numbers": "classify",
  "Hot spots from events": "hot_spots",
  "Hot spots in space and time": "emerging_hot_spots",
  "Spatial Markov": "spatial_markov",
  "Centers and hulls": ["mean_center", "hull"],
  Surfaces: "surfaces",
  "Dot density": "dot_density",
  "Whole jobs": "datapath",
  "Calls of crankshaft's functions": "crankshaft",
};
for (const [heading, jobs] of Object.entries(sections)) {
  const all = [jobs].flat().flatMap(rows);
  if (all.length === 0) continue;
  // a column that this job leaves empty says nothing
  const used = header.map((_, column) => all.some((row) => row[column] !== ""));
  const line = (cells) => `| ${cells.filter((_, column) => used[column]).join(" | ")} |`;
  const rule = `|${used
    .filter(Boolean)
    .map(() => "---|")
    .join("")}`;
  page = replaceTable(page, heading, [line(header), rule, ...all.map(line)]);
}
const { machine } = setting;
page = replaceTable(page, "The machine", [
  "| | |",
  "|---|---|",
  `| processor | ${setting.processor}, two cores |`,
  `| Node | ${setting.node} |`,
  `| date | ${setting.date.slice(0, 10)} |`,
  `| \`bytes\` read in sequence from memory | ${(machine.bytes / 1e6).toFixed(1)} GB a second |`,
  `| \`adds\`: multiplications with addition, two at a time | ${(machine.adds / 1e6).toFixed(1)} billion a second |`,
  `| random \`numbers\` of 64 bits | ${(machine.numbers / 1e6).toFixed(1)} billion a second |`,
]);
await writeFile(file, page);
