import { hasIds, withOutput, type Analysis } from "../analyses/analysis.js";
import { checkParameters } from "../analyses/check-parameters.js";
import { variablesOf } from "../analyses/variables.js";
import { computeInThread } from "../compute/in-thread.js";
import { DriveshaftError } from "../errors.js";
import type { ReadTable } from "../compute/read-table.js";
import type { Summary } from "../compute/summary.js";
import type { NamedColumn } from "../table/column.js";
import type { Table } from "../table/table.js";
import type { PairsOfIds } from "../weights/given.js";
import { MAX_PAIRS } from "../weights/weights.js";
import { askedOf } from "./asked.js";
import { chooseColumns, chooseTableColumns, propertiesOf, type ColumnChoice } from "./choose-columns.js";
import type { Progress } from "./progress.js";
import { tableOf, takenColumns } from "./result-table.js";
import type { Source } from "./source.js";

/** Where the result goes: whole, or not at all. */
export interface Sink {
  /**
   * Looks at what the result takes from the rows as it is, before anything is computed. @throws what `write` would
   * @param isRepeated a row may be in the result several times
   */
  accept?(taken: NamedColumn[], isRepeated: boolean): void;
  /** Returns warnings: what is to be said of how it is there. */
  write(table: Table, summary: Summary, progress: Progress): Promise<string[]>;
}

export interface Job {
  analysis: Analysis;
  parameters: unknown;
  rowLimit?: number | undefined;
  /** Weights that come beside the rows, instead of those that the parameters name. */
  weights?: PairsOfIds | undefined;
  /** Further tables that come from elsewhere than a query; what the parameters give for them is their name. */
  tables?: Record<string, Source>;
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
  groups: [0.3, 0.8],
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
  const unknown = Object.keys(job.tables ?? {}).find((name) => !(name in analysis.tables));
  if (unknown !== undefined) {
    const there = Object.keys(analysis.tables).join(", ") || "none";
    throw new DriveshaftError("INVALID_PARAMETER", `${analysis.name} takes no table ${JSON.stringify(unknown)}`, {
      hint: `Further tables are: ${there}.`,
    });
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
  const further = await openTables(job, parameters, source);
  const rows = await source.read(choice.readings, (share) => progress("read", share), job.rowLimit);
  const variables = variablesOf(analysis, parameters);
  checkRows(rows.n, variables?.length ?? 1, job.rowLimit);
  const read: ReadTable = { choice, rows };
  const chosen = withOutput(analysis, parameters);
  const isRepeated = variables !== undefined || (hasIds(chosen) && chosen.key.length > 0);
  sink.accept?.(takenColumns(chosen, read), isRepeated);
  const tables: Record<string, ReadTable> = {};
  for (const { name, choice, source } of further) {
    // pairs make weights, and there is a limit to what a kernel can hold
    const most = Math.min(job.rowLimit ?? Infinity, MAX_PAIRS);
    tables[name] = { choice, rows: await source.read(choice.readings, () => {}, most) };
  }
  if (job.weights) tables.weights = tableOfPairs(job.weights);
  await source.close?.();
  progress("compute", 0);
  const task = { parameters, ...read, tables, threads: job.threads ?? 1 };
  const computed = await computeInThread({ analysis: analysis.name, task }, progress, signal, job.computing);
  progress("write", 0);
  const summary = { ...computed.summary, times };
  const said = await sink.write(tableOf(computed, task), summary, (share) => progress("write", share));
  progress("done", 1);
  return { ...summary, warnings: [...summary.warnings, ...said] };
}

/** Rows of a result of many variables, at most: they are numbered. */
const MOST_ROWS = 2 ** 31 - 1;

/** Each row counts once a variable. @throws ROW_LIMIT */
function checkRows(n: number, variables: number, rowLimit = MOST_ROWS): void {
  const most = Math.min(rowLimit, MOST_ROWS);
  if (n * variables <= most) return;
  const message = `${n} rows of ${variables} variables are ${n * variables} rows, more than ${most}`;
  throw new DriveshaftError("ROW_LIMIT", message, { hint: "Name fewer variables, or take fewer rows." });
}

/** The further tables that parameters ask for, with what is read of each. @throws what the checks of its columns do */
async function openTables(
  { analysis, tables = {} }: Job,
  parameters: Record<string, unknown>,
  source: Source,
): Promise<{ name: string; choice: ColumnChoice; source: Source }[]> {
  const opened = [];
  for (const asked of askedOf(propertiesOf(analysis), parameters).tables) {
    const { table: name, query } = asked;
    const further = tables[name] ?? (await furtherOf(source, query, name));
    opened.push({ name, choice: chooseTableColumns(analysis, parameters, asked, further.columns), source: further });
  }
  return opened;
}

function furtherOf(source: Source, query: string, table: string): Promise<Source> {
  if (source.further) return source.further(query, `the query of ${table}`);
  const message = `${table} is given by a query, but the rows come from a file`;
  throw new DriveshaftError("INVALID_PARAMETER", message, {
    hint:
      table === "weights"
        ? "Read the rows by a query too, or give a file of weights with --weights."
        : `Read the rows by a query too, or give a file with --input ${table}=FILE.`,
  });
}

/** Weights that came in a file, as a query of them has them. */
const tableOfPairs = ({ focal, neighbor, weights }: PairsOfIds): ReadTable => ({
  choice: { readings: [], id: undefined, parameters: [], names: [] },
  rows: { n: weights.length, columns: [focal, neighbor, { type: "float8", values: weights }] },
});
