/** npm run bench -- --calibrate [ANALYSIS ...]: measures what src/estimate/coefficients.ts says, and writes it. */
import { writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { format, resolveConfig } from "prettier";
import { analyses, findAnalysis } from "#dist/analyses/index.js";
import type { Analysis } from "#dist/analyses/analysis.js";
import { coefficients as known } from "#dist/estimate/coefficients.js";
import { quantity } from "#dist/estimate/estimate.js";
import type { Model } from "#dist/estimate/model.js";
import { columnNames, memoryOf, parametersOf, secondsOf, startData, type Setting } from "./estimates.js";

const FILE = "src/estimate/coefficients.ts";

/** What the time of a job may be the sum of, beside what the analysis says itself. */
const terms: string[][] = [
  [],
  ["rows"],
  ["rows", "neighbors"],
  ["permutations"],
  ["permutations", "neighbors"],
  ["rows", "permutations"],
  ["rows", "permutations", "neighbors"],
  ["rows", "permutations", "neighbors", "independent"],
  ["rows", "permutations", "neighbors", "unequal"],
  ["exact"],
  ["exact", "rows"],
  ["exact", "rows", "neighbors"],
];

/** What quantities are that are no parameters of their own. */
const DERIVED = ["rows", "neighbors", "independent", "unequal", "exact", "around"];

/** Values at which a parameter is measured that an analysis says its time depends on; of several names, how many. */
const VALUES = [2, 20];
const NAMES = [2, 8];

/** Bandwidths of local regressions. */
const BANDWIDTHS = [50, 200];

/** Sizes of the products of rows and permutations above which a setting takes too long to be measured often. */
const MOST = { shared: 1e9, global: 1e8, slow: 5e6 };

/** Rows of which all pairs are looked at, at most. */
const ALL_PAIRS = 10_000;

/** Seconds of a job beyond which none of more rows is measured. */
const LONG = 10;

/** Whether an analysis looks at all pairs of rows. */
const comparesAll = ({ cost }: Analysis): boolean =>
  cost.some((names) => names.filter((name) => name === "rows").length > 1);

/** Every choice of values for the parameters that an analysis says its time depends on. */
function choices(analysis: Analysis): Record<string, unknown>[] {
  const { cost, example, parameters } = analysis;
  const names = new Set(cost.flat().filter((name) => !DERIVED.includes(name) && name !== "permutations"));
  const chosen = [...names].reduce<Record<string, unknown>[]>(
    (all, name) => {
      const several = Array.isArray(example.parameters[name]);
      const values = several ? NAMES.map(columnNames) : VALUES;
      return all.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
    },
    [{}],
  );
  if (!cost.flat().includes("around")) return chosen;
  return chosen.flatMap((one) =>
    BANDWIDTHS.map((bandwidth) => {
      const { covariates = example.parameters.covariates } = one;
      const bandwidths = [bandwidth, ...(covariates as string[]).map(() => bandwidth)];
      return { ...one, ...("bandwidths" in parameters.shape ? { bandwidths } : { bandwidth }) };
    }),
  );
}

/** The settings at which an analysis is measured: rows, permutations, neighbors, one after the other and together. */
function* settings(analysis: Analysis): Generator<Setting> {
  const { shape } = analysis.parameters;
  const of = (rows: number, given: Record<string, unknown> = {}): Setting => ({
    rows,
    parameters: parametersOf(analysis, given),
  });
  for (const rows of [1_000, 3_000, 10_000, 100_000]) {
    if (rows === 3_000 && !comparesAll(analysis)) continue;
    if (!("permutations" in shape)) {
      const weights = "weights" in shape ? [4, 16].map((k) => ({ weights: { type: "knn", k } })) : [{}];
      for (const chosen of choices(analysis)) for (const graph of weights) yield of(rows, { ...chosen, ...graph });
    } else {
      const drawn = "inference" in shape ? { inference: "permutation" } : {};
      if ("inference" in shape) for (const k of [4, 16]) yield of(rows, { weights: { type: "knn", k } });
      for (const permutations of [99, 999, 9_999]) {
        const most = analysis.size === "heavy" ? MOST.global : MOST.shared;
        if (rows * permutations > most) continue;
        if (comparesAll(analysis)) {
          if (rows <= ALL_PAIRS && permutations < 9_999) yield of(rows, { ...drawn, permutations });
          continue;
        }
        for (const k of [4, 16]) yield of(rows, { ...drawn, permutations, weights: { type: "knn", k } });
        if (!("draws" in shape) || rows * permutations > MOST.slow) continue;
        yield of(rows, { permutations, draws: "independent", weights: { type: "knn", k: 8 } });
        yield of(rows, { permutations, weights: { type: "kernel", k: 8 } });
      }
    }
  }
}

/** @param names of the analyses; without, all */
export async function calibrate(names: string[]): Promise<void> {
  const chosen = names.length === 0 ? analyses : names.map(findAnalysis);
  const { server, client } = await startData();
  const coefficients: Record<string, Model> = names.length === 0 ? {} : { ...known };
  try {
    for (const analysis of chosen) {
      const points: { quantities: number[]; seconds: number }[] = [];
      let reason = "";
      const used = [...terms.filter((names) => names.every((name) => isOf(name, analysis))), ...analysis.cost];
      let longest = 0;
      let largest = 0;
      for (const setting of settings(analysis)) {
        if (longest > LONG && setting.rows > largest) break;
        const seconds = await secondsOf(server, analysis, setting).catch((error: unknown) => {
          reason = String(error);
        });
        if (seconds === undefined) continue;
        const quantities = used.map((names) =>
          names.reduce((p, name) => p * quantity(name, analysis, setting.parameters, setting.rows), 1),
        );
        points.push({ quantities, seconds });
        longest = Math.max(longest, seconds);
        largest = Math.max(largest, setting.rows);
      }
      if (points.length === 0) {
        console.log(`${analysis.name.padEnd(18)} not measured: ${reason}`);
        continue;
      }
      const fitted = fit(
        points.map(({ quantities }) => quantities),
        points.map(({ seconds }) => seconds),
      );
      const seconds = used.flatMap((names, i): Model["seconds"] =>
        fitted[i]! > 0 ? [[rounded(fitted[i]!), names]] : [],
      );
      const at = async (rows: number): Promise<number> =>
        memoryOf(server, analysis, { rows, parameters: parametersOf(analysis, { permutations: 999 }) });
      const most = comparesAll(analysis) ? ALL_PAIRS : largest;
      const [small, large] = [await at(1_000), await at(most)];
      const perRow = Math.max(0, (large - small) / (most - 1_000));
      coefficients[analysis.name] = { seconds, memory: [rounded(small - 1_000 * perRow), rounded(perRow)] };
      const off = points.map(({ quantities, seconds: s }) => predict(fitted, quantities) / s);
      console.log(
        `${analysis.name.padEnd(18)} ${points.length} settings, estimates ${Math.min(...off).toFixed(2)} to ${Math.max(...off).toFixed(2)} of the time, ${Math.round(large)} MB`,
      );
    }
  } finally {
    await client.end();
    await server.stop();
  }
  const machine = `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} processors, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
  const text = `/** Written by npm run bench -- --calibrate; see docs/estimates.md. */
    import type { Model } from "./model.js";

    /** Where it was measured. */
    export const machine = ${JSON.stringify(machine)};

    export const coefficients: Record<string, Model> = ${JSON.stringify(coefficients)};`;
  await writeFile(FILE, await format(text, { ...(await resolveConfig(FILE)), parser: "typescript" }));
}

/** Whether a quantity is one of an analysis. */
function isOf(name: string, { parameters: { shape } }: Analysis): boolean {
  if (name === "neighbors" || name === "unequal") return "weights" in shape;
  if (name === "independent") return "draws" in shape;
  if (name === "exact") return "inference" in shape;
  return name === "rows" || name in shape;
}

const rounded = (value: number): number => Number(value.toPrecision(3));

const predict = (coefficients: number[], quantities: number[]): number =>
  quantities.reduce((sum, quantity, i) => sum + quantity * coefficients[i]!, 0);

/**
 * Coefficients, none negative, with the least sum of squared relative errors: coordinate descent, which for a convex
 * problem with bounds comes to the minimum.
 */
function fit(rows: number[][], times: number[]): number[] {
  const scaled = rows.map((quantities, i) => quantities.map((quantity) => quantity / times[i]!));
  const count = scaled[0]!.length;
  const result = new Array<number>(count).fill(0);
  for (let round = 0; round < 20_000; round++) {
    for (let j = 0; j < count; j++) {
      let [above, below] = [0, 0];
      for (const quantities of scaled) {
        const others = predict(result, quantities) - result[j]! * quantities[j]!;
        above += quantities[j]! * (1 - others);
        below += quantities[j]! ** 2;
      }
      result[j] = below > 0 ? Math.max(0, above / below) : 0;
    }
  }
  return result;
}
