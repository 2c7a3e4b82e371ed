import type { Analysis } from "../analyses/analysis.js";
import { checkParameters } from "../analyses/check-parameters.js";
import type { Computed, Summary } from "../compute/compute.js";
import { computeInThread } from "../compute/in-thread.js";
import { DriveshaftError } from "../errors.js";
import { take, type NamedColumn } from "../table/column.js";
import type { Table } from "../table/table.js";
import type { PairsOfIds } from "../weights/given.js";
import { chooseColumns, type ColumnChoice } from "./choose-columns.js";
import { readPairs } from "./pairs.js";
import type { Progress } from "./progress.js";
import type { Rows, Source } from "./source.js";

/** Where the result goes: whole, or not at all. */
export interface Sink {
  /** Looks at what the result takes from the rows as it is, before anything is computed. @throws what `write` would */
  accept?(taken: NamedColumn[]): void;
  write(table: Table, summary: Summary, progress: Progress): Promise<void>;
}

export interface Job {
  analysis: Analysis;
  parameters: unknown;
  rowLimit?: number | undefined;
  /** Weights that come beside the rows, instead of those that the parameters name. */
  weights?: PairsOfIds | undefined;
  /** Threads that the computation may use, default 1; the result does not depend on it. */
  threads?: number | undefined;
  /** The module that the computing thread runs, where it is not this package's own: in a bundle. */
  computing?: URL | undefined;
}

/** Progress of a whole job: its phase, and the share done of everything, 0 to 1. */
export type JobReport = (phase: string, share: number) => void;

/** What each phase is of the whole, by its usual time. */
const spans: Record<string, [from: number, to: number]> = {
  read: [0, 0.3],
  compute: [0.3, 0.3],
  weights: [0.3, 0.5],
  permutations: [0.5, 0.8],
  clustering: [0.3, 0.8],
  write: [0.8, 1],
  done: [1, 1],
};

/** Milliseconds of each phase. */
export type PhaseTimes = Record<string, number>;

/**
 * Reads, computes, writes: the whole of Driveshaft. Whoever triggers it only builds the arguments. An aborted signal
 * ends the computation at once; sources and sinks on connections end with these.
 */
export async function runJob(
  job: Job,
  source: Source,
  sink: Sink,
  report: JobReport = () => {},
  signal?: AbortSignal,
): Promise<Summary> {
  const { analysis } = job;
  const parameters = checkParameters(analysis, job.parameters);
  if (job.weights && !("weights" in analysis.parameters.shape)) {
    throw new DriveshaftError("INVALID_PARAMETER", `${analysis.name} takes no weights`);
  }
  const choice = chooseColumns(analysis, parameters, source.columns);

  const times: PhaseTimes = {};
  let phaseAt = "";
  let since = performance.now();
  function progress(phase: string, share: number): void {
    if (phase !== phaseAt) {
      const now = performance.now();
      if (phaseAt) times[phaseAt] = Math.round(now - since);
      [phaseAt, since] = [phase, now];
    }
    const [from, to] = spans[phase] ?? [0.3, 0.8];
    report(phase, from + (to - from) * share);
  }

  progress("read", 0);
  const rows = await source.read(choice.readings, (share) => progress("read", share), job.rowLimit);
  const taken = takenColumns(choice, rows);
  if (analysis.rows === "each") sink.accept?.(taken);
  const given = job.weights ?? (await givenWeights(parameters, source, job.rowLimit));
  await source.close?.();
  progress("compute", 0);
  const task = { parameters, choice, rows, given, threads: job.threads ?? 1 };
  const computed = await computeInThread({ analysis: analysis.name, task }, progress, signal, job.computing);
  progress("write", 0);
  const summary = { ...computed.summary, times };
  await sink.write(tableOf(computed, taken), summary, (share) => progress("write", share));
  progress("done", 1);
  return summary;
}

/** The columns that a result takes from the rows as they came: the id, then those included. */
function takenColumns({ readings, names }: ColumnChoice, { columns }: Rows): NamedColumn[] {
  return columns
    .map((column, i) => ({ name: names[i]!, column }))
    .filter((_, i) => ["id", "raw"].includes(readings[i]!.as));
}

/** The whole result: its keys, what was computed, what is included. */
function tableOf({ n, keys, columns, places }: Computed, [id, ...included]: NamedColumn[]): Table {
  const keyColumns = keys.map(({ name = id!.name, rows }) => ({
    name,
    column: rows ? take(id!.column, rows) : id!.column,
  }));
  // only rows that are those of the input have included columns
  const { rows } = keys[0] ?? {};
  const carried = included.map(({ name, column }) => ({ name, column: rows ? take(column, rows) : column }));
  const key = keyColumns.map(({ name }) => name);
  return { n, key, columns: [...keyColumns, ...columns, ...carried], places };
}

/** Weights that the parameters give by a query of their own. */
async function givenWeights(
  parameters: Record<string, unknown>,
  source: Source,
  pairLimit: number | undefined,
): Promise<PairsOfIds | undefined> {
  const { type, query } = (parameters.weights ?? {}) as { type?: string; query?: string };
  if (type !== "query") return undefined;
  if (source.further) return readPairs(await source.further(query!, "the query of the weights"), pairLimit);
  throw new DriveshaftError("INVALID_PARAMETER", "weights is of type query, but the rows come from a file", {
    hint: "Read the rows by a query too, or give a file of weights with --weights.",
  });
}
