import { DriveshaftError } from "../errors.js";
import { connect } from "../postgres/connect.js";
import { oneLine } from "../one-line.js";
import { install } from "../install/install.js";
import { analyses } from "../analyses/index.js";
import { engines, type Engine } from "../job/engines.js";
import { functionsOfValues, functionsOption } from "./aws.js";
import { databaseOption, databaseUrl, wholeNumber, type Command, type Values } from "./command.js";

export const installCommand: Command = {
  name: "install",
  summary: "Installs the SQL functions and the job tables, or brings them up to date.",
  positionals: "",
  options: {
    database: databaseOption,
    worker: {
      type: "string",
      value: "ROLE",
      description: "role that runs workers: it may claim jobs and report on them",
    },
    twin: {
      type: "string",
      value: "ROLE=LOGIN",
      multiple: true,
      description: "login role that works for a role which cannot log in; may be given more than once",
    },
    retention: { type: "string", value: "INTERVAL", description: 'how long finished jobs are kept, default "30 days"' },
    engine: {
      type: "string",
      value: "ENGINE",
      multiple: true,
      description: `who may run jobs: ${engines.join(", ")}; may be given more than once, the first is the default`,
    },
    functions: { ...functionsOption, description: `${functionsOption.description}; ARNs, for the engine aws_lambda` },
    "in-flight": {
      type: "string",
      value: "N",
      description:
        "functions at a time of jobs that the database or the sweep sends, default 100; each has three connections",
    },
    crankshaft: {
      type: "boolean",
      description: "also the schema cdb_crankshaft, in which the SQL of crankshaft runs; needs PostGIS and dblink",
    },
    "allow-superusers": { type: "boolean", description: "take jobs of superusers, whose queries no sandbox holds" },
  },
  async run(_, values) {
    const client = await connect(databaseUrl(values), "driveshaft install");
    try {
      const warnings = await install(client, {
        worker: values.worker as string | undefined,
        allowSuperusers: values["allow-superusers"] === true,
        twins: readTwins((values.twin as string[] | undefined) ?? []),
        crankshaft: values.crankshaft === true,
        retention: values.retention as string | undefined,
        engines: enginesOf(values.engine as string[] | undefined),
        functions: await arnsOf(values),
        inFlight: values["in-flight"] === undefined ? undefined : wholeNumber(values, "in-flight", 100),
      });
      for (const warning of warnings) process.stderr.write(`driveshaft: warning: ${oneLine(warning)}\n`);
    } finally {
      await client.end();
    }
    process.stdout.write(
      "Driveshaft is installed. Ask for an analysis with SELECT cdb_run_analysis(...), and start a worker with driveshaft worker.\n",
    );
  },
};

function enginesOf(given: string[] | undefined): Engine[] | undefined {
  const unknown = given?.find((name) => !engines.some((engine) => engine === name));
  if (unknown === undefined) return given && [...new Set(given as Engine[])];
  throw new DriveshaftError("INVALID_PARAMETER", `--engine is ${unknown}, expected ${engines.join(", ")}`);
}

async function arnsOf(values: Values): Promise<Record<string, string> | undefined> {
  if (values.functions === undefined) return undefined;
  const functions = await functionsOfValues(values);
  return Object.fromEntries(analyses.map(({ name }) => [name, functions(name)]));
}

function readTwins(given: string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1 || at === pair.length - 1) {
        throw new DriveshaftError("INVALID_PARAMETER", `--twin is ${JSON.stringify(pair)}, expected ROLE=LOGIN`);
      }
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
