import { checkParameters } from "../analyses/check-parameters.js";
import { findAnalysis } from "../analyses/index.js";
import { chooseColumns } from "../job/choose-columns.js";
import { DriveshaftError } from "../errors.js";
import { estimate, type Estimate } from "../estimate/estimate.js";
import { openFile } from "../files/read.js";
import { connect } from "../postgres/connect.js";
import { countRows, planRows, querySource } from "../postgres/source.js";
import { databaseOption, databaseUrl, readParameters, type Command } from "./command.js";

export const estimateCommand: Command = {
  name: "estimate",
  summary: "Says what an analysis would take, without running it: seconds, memory, and its price on AWS Lambda.",
  positionals: "ANALYSIS [FILE.geojson|.json|.csv]",
  options: {
    params: { type: "string", value: "JSON", description: "parameters of the analysis" },
    database: databaseOption,
    query: { type: "string", value: "SQL", description: "query that would be read from the database" },
    rows: { type: "string", value: "NUMBER", description: "number of rows, instead of a file or query" },
    exact: { type: "boolean", description: "count the rows of the query, instead of asking the planner" },
    json: { type: "boolean", description: "print the estimate as JSON" },
  },
  examples: [
    `driveshaft estimate moran_local --database $URL --query 'SELECT id, geom, v FROM parcels' --params '{"value":"v"}'`,
    `driveshaft estimate kmeans --rows 1000000 --params '{"k":50}'`,
  ],
  async run([name, file, ...more], values) {
    if (!name || more.length > 0) {
      throw new DriveshaftError("INVALID_PARAMETER", "expected the name of an analysis and at most one file", {
        hint: "See driveshaft estimate --help.",
      });
    }
    const analysis = findAnalysis(name);
    const parameters = checkParameters(analysis, readParameters(values.params as string | undefined));

    async function rowsOf(): Promise<number> {
      if (values.rows !== undefined) {
        const rows = Number(values.rows);
        if (Number.isInteger(rows) && rows >= 0) return rows;
        throw new DriveshaftError("INVALID_PARAMETER", `--rows is ${String(values.rows)}, expected a whole number`);
      }
      if (file !== undefined) {
        const source = await openFile(file);
        const { readings } = chooseColumns(analysis, parameters, source.columns);
        return (await source.read(readings, () => {})).n;
      }
      if (values.query === undefined) {
        throw new DriveshaftError("INVALID_PARAMETER", "there is nothing to estimate: no file, --query or --rows");
      }
      const query = values.query as string;
      const client = await connect(databaseUrl(values), "driveshaft estimate");
      try {
        const { columns } = await querySource(client, query);
        chooseColumns(analysis, parameters, columns);
        return await (values.exact ? countRows(client, query) : planRows(client, query));
      } finally {
        await client.end();
      }
    }
    const result = estimate(analysis, parameters, await rowsOf());
    if (values.json) return void process.stdout.write(`${JSON.stringify(result)}\n`);
    process.stdout.write(estimateText(name, result));
  },
};

export function estimateText(name: string, { rows, seconds, memory_mb, lambda_usd, lambda_fits }: Estimate): string {
  if (seconds === null) return `${name}: ${rows} rows\n  its time and memory are not known: it was not calibrated\n`;
  const fits = lambda_fits ? "" : ", but it does not fit: use a worker";
  return `${name}: ${rows} rows\n  ${seconds} s with one thread, ${memory_mb} MB\n  on AWS Lambda $${lambda_usd}${fits}\n`;
}
