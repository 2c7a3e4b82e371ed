import { selectCarried } from "../table/carry.js";
import { selectIds } from "../table/raw.js";
import type { Analysis } from "../analyses/analysis.js";
import { checkParameters } from "../analyses/check-parameters.js";
import { chooseColumns, type ColumnChoice, type SourceColumn } from "./choose-columns.js";
import type { PairsOfIds, Rows, Table } from "../table/columns.js";
import type { Summary } from "../compute/compute.js";
import { computeInThread } from "../compute/in-thread.js";
import { DriveshaftError } from "../errors.js";
import type { Progress } from "./progress.js";

/** Where rows come from. Opened first, so that the columns are known before anything is read. */
export interface Source {
  columns: SourceColumn[];
  /** @throws ROW_LIMIT where there are more rows than that */
  read(choice: ColumnChoice, progress: Progress, rowLimit?: number): Promise<Rows>;
  /** Reads weights by another query, where there can be one. @throws ROW_LIMIT where there are more pairs than that */
  readPairs?(query: string, pairLimit?: number): Promise<PairsOfIds>;
}

/** Where the result goes: whole, or not at all. */
export interface Sink {
  /** Looks at what the result takes from the rows as it is, before anything is computed. @throws what `write` would */
  accept?(taken: Pick<Table, "ids" | "carried">): void;
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
 * Reads, computes, writes: the whole of Driveshaft. Whoever triggers it only builds the arguments. An aborted signal ends
 * the computation at once; sources and sinks on connections end with these.
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
  const { carried, ...rows } = await source.read(choice, (share) => progress("read", share), job.rowLimit);
  const ids = { name: choice.id === undefined ? "id" : source.columns[choice.id]!.name, ids: rows.ids };
  sink.accept?.({ ...(analysis.rows === "each" && { ids }), carried });
  const given = job.weights ?? (await givenWeights(parameters, source, job.rowLimit));
  progress("compute", 0);
  const { table, kept, pairs, summary } = await computeInThread(
    {
      analysis: analysis.name,
      parameters,
      threads: job.threads ?? 1,
      rows: { ...rows, given },
    },
    progress,
    signal,
    job.computing,
  );
  progress("write", 0);
  const whole = pairs
    ? {
        ...table,
        ids: { name: "focal", ids: pairs.focal },
        key: ["focal", "neighbor"],
        carried: pairs.neighbor,
      }
    : {
        ...table,
        ...(analysis.rows === "each" && { ids: kept ? { ...ids, ids: selectIds(ids.ids, kept) } : ids }),
        carried: carried && kept ? selectCarried(carried, kept) : carried,
      };
  await sink.write(whole, { ...summary, times }, (share) => progress("write", share));
  progress("done", 1);
  return { ...summary, times };
}

/** Weights that the parameters give by a query of their own. */
async function givenWeights(
  parameters: Record<string, unknown>,
  source: Source,
  pairLimit: number | undefined,
): Promise<PairsOfIds | undefined> {
  const { type, query } = (parameters.weights ?? {}) as { type?: string; query?: string };
  if (type !== "query") return undefined;
  if (source.readPairs) return source.readPairs(query!, pairLimit);
  throw new DriveshaftError("INVALID_PARAMETER", "weights is of type query, but the rows come from a file", {
    hint: "Read the rows by a query too, or give a file of weights with --weights.",
  });
}
