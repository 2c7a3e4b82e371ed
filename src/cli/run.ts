import { availableParallelism } from "node:os";
import type { Account } from "../carto/calls.js";
import { publications, withCarto, type CartoResult } from "../carto/direct.js";
import { findAnalysis } from "../analyses/index.js";
import { DriveshaftError } from "../errors.js";
import { fileSource, weightsOfFile } from "../files/in-thread.js";
import { fileSink } from "../files/write.js";
import { limitsOf, within } from "../job/limits.js";
import { runJob, type Sink } from "../job/job.js";
import type { Source } from "../job/source.js";
import { withDatabase } from "../postgres/direct.js";
import type { Command, Values } from "./command.js";
import { databaseOption, databaseUrl, readParameters, threadsOf, threadsOption } from "./command.js";
import { interruptible } from "./interruption.js";
import { progressBar } from "./progress-bar.js";
import { summaryText } from "./summary.js";

export const runAnalysisCommand: Command = {
  name: "run",
  summary: "Runs an analysis on a file, or on a query of a database, without installing anything.",
  positionals: "ANALYSIS [FILE.geojson|.json|.csv]",
  options: {
    params: {
      type: "string",
      value: "JSON",
      description: 'parameters of the analysis, such as {"value": "unemployment"}',
    },
    weights: {
      type: "string",
      value: "FILE",
      description: "weights of GeoDa or PySAL, instead of the parameter weights: .gal, .gwt or .kwt",
    },
    input: {
      type: "string",
      value: "NAME=FILE",
      multiple: true,
      description: "file for a further table of the analysis, instead of a query: --input targets=shops.geojson",
    },
    threads: threadsOption("as many as there are processors"),
    output: { type: "string", value: "FILE", description: "file to write: .csv, .geojson or .html" },
    database: databaseOption,
    query: { type: "string", value: "SQL", description: "query to read from the database" },
    carto: {
      type: "string",
      value: "URL",
      description: "account of CARTO to read from and write to, instead of a database: https://user.carto.com",
    },
    "api-key-env": {
      type: "string",
      value: "NAME",
      description: "environment variable with the key of the account, default CARTO_API_KEY",
    },
    publish: {
      type: "string",
      value: "HOW",
      description: "how the result comes into the account: sql, the default, or import, by a file for the Import API",
    },
    target: { type: "string", value: "TABLE", description: "table to create in the database or account" },
    json: { type: "boolean", description: "print the summary as JSON" },
  },
  examples: [
    `driveshaft run moran_local counties.geojson --params '{"value":"unemployment","weights":{"type":"queen"}}' --output clusters.csv`,
    `driveshaft run nearest homes.csv --params '{"x":"lon","y":"lat","k":3}' --input targets=shops.csv --output nearest.csv`,
    `driveshaft run kmeans --database $URL --query 'SELECT id, geom FROM shops' --params '{"k":8}' --target shop_groups`,
    `driveshaft run kmeans --carto https://user.carto.com --query 'SELECT cartodb_id, the_geom FROM shops' --params '{"k":8}' --target shop_groups`,
  ],
  async run([analysis, file, ...more], values) {
    if (!analysis || more.length > 0) {
      throw new DriveshaftError("INVALID_PARAMETER", "expected the name of an analysis and at most one file", {
        hint: "See driveshaft run --help.",
      });
    }
    const inputs = inputsOf(values);
    const parameters = withInputs(readParameters(values.params as string | undefined), inputs);
    if (values.weights !== undefined && (parameters as { weights?: unknown } | null)?.weights !== undefined) {
      throw new DriveshaftError("INVALID_PARAMETER", "--weights does not go with the parameter weights");
    }
    const job = {
      analysis: findAnalysis(analysis),
      parameters,
      threads: threadsOf(values, availableParallelism()),
    };
    const bar = progressBar(process.stderr, analysis);
    const limits = limitsOf(job.parameters);
    const run = async (source: Source, sink: Sink, signal: AbortSignal): Promise<void> => {
      try {
        const file = values.weights as string | undefined;
        const weights =
          file === undefined ? undefined : await weightsOfFile(file, { signal, memoryMb: limits.memoryMb });
        const tables: Record<string, Source> = {};
        for (const [name, table] of Object.entries(inputs)) {
          tables[name] = await fileSource(table, { signal, memoryMb: limits.memoryMb });
        }
        const whole = { ...job, weights, tables, rowLimit: limits.rows };
        const summary = await runJob(whole, source, sink, bar.report, signal);
        bar.end();
        process.stdout.write(values.json ? `${JSON.stringify(summary)}\n` : summaryText(summary));
      } finally {
        bar.end();
      }
    };
    if (file !== undefined) {
      for (const name of ["query", "target", "database", "carto", "publish"] as const) {
        if (values[name] !== undefined)
          throw new DriveshaftError("INVALID_PARAMETER", `--${name} does not go with a file`);
      }
      await interruptible((stop) =>
        within(limits, stop, async (signal) => {
          const sink = outputSink(values, signal);
          await run(await fileSource(file, { signal, memoryMb: limits.memoryMb }), sink, signal);
        }),
      );
    } else {
      if (values.query === undefined)
        throw new DriveshaftError("INVALID_PARAMETER", "there is nothing to read: neither a file nor --query is given");
      if (values.publish !== undefined && (values.carto === undefined || values.target === undefined)) {
        throw new DriveshaftError("INVALID_PARAMETER", "--publish goes with --carto and --target");
      }
      const { query, target } = values as { query: string; target?: string };
      const read = (signal: AbortSignal): Promise<void> => {
        const output = target === undefined ? outputSink(values, signal) : undefined;
        const use = (source: Source, sink: Sink | undefined): Promise<void> => run(source, output ?? sink!, signal);
        if (values.carto !== undefined) {
          return withCarto(accountOf(values), query, resultOf(values, parameters), signal, use);
        }
        const table = target === undefined ? undefined : { name: target, overwrite: overwriteOf(parameters) };
        return withDatabase(databaseUrl(values), query, table, signal, use);
      };
      await interruptible((stop) => within(limits, stop, read));
    }
  },
};

/** The files of further tables, by the name of the table. @throws INVALID_PARAMETER */
function inputsOf(values: Values): Record<string, string> {
  const given = (values.input ?? []) as string[];
  const inputs: Record<string, string> = {};
  for (const input of given) {
    const [, name, file] = /^([^=]+)=(.+)$/s.exec(input) ?? [];
    if (name === undefined || file === undefined || name in inputs) {
      throw new DriveshaftError(
        "INVALID_PARAMETER",
        `--input is ${JSON.stringify(input)}, expected NAME=FILE with each name once`,
        { hint: "Give the name of the further table and its file, such as --input targets=shops.geojson." },
      );
    }
    inputs[name] = file;
  }
  return inputs;
}

/** What the parameters give for a table that comes from a file is the file's name. @throws INVALID_PARAMETER */
function withInputs(parameters: unknown, inputs: Record<string, string>): unknown {
  const names = Object.keys(inputs);
  if (names.length === 0 || typeof parameters !== "object" || parameters === null) return parameters;
  const twice = names.find((name) => name in parameters);
  if (twice === undefined) return { ...parameters, ...inputs };
  throw new DriveshaftError("INVALID_PARAMETER", `--input ${twice} does not go with the parameter ${twice}`);
}

/** @throws INVALID_PARAMETER */
function accountOf(values: Values): Account {
  if (values.database !== undefined) {
    throw new DriveshaftError("INVALID_PARAMETER", "--database does not go with --carto");
  }
  const variable = (values["api-key-env"] as string | undefined) ?? "CARTO_API_KEY";
  const apiKey = process.env[variable];
  if (apiKey) return { url: values.carto as string, apiKey };
  throw new DriveshaftError(
    "INVALID_PARAMETER",
    `there is no key of the account in the environment: ${variable} is not set`,
    {
      hint: "Set it, or name another variable with --api-key-env.",
    },
  );
}

/** @throws INVALID_PARAMETER */
function resultOf({ target, publish }: Values, parameters: unknown): CartoResult | undefined {
  if (target === undefined) return undefined;
  const way = publications.find((one) => one === (publish ?? "sql"));
  if (!way) {
    throw new DriveshaftError(
      "INVALID_PARAMETER",
      `--publish is ${JSON.stringify(publish)}, expected ${publications.join(" or ")}`,
    );
  }
  return { target: target as string, overwrite: overwriteOf(parameters), publish: way };
}

const overwriteOf = (parameters: unknown): boolean =>
  (parameters as { overwrite?: unknown } | null)?.overwrite === true;

function outputSink(values: Values, signal: AbortSignal): Sink {
  return values.output === undefined ? { write: () => Promise.resolve([]) } : fileSink(values.output as string, signal);
}
