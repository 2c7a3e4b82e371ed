import { DriveshaftError } from "../errors.js";
import { connect } from "../postgres/connect.js";
import { install } from "../queue/install.js";
import { databaseOption, databaseUrl, type Command } from "./command.js";

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
    "allow-superusers": { type: "boolean", description: "take jobs of superusers, whose queries no sandbox holds" },
  },
  async run(_, values) {
    const client = await connect(databaseUrl(values), "driveshaft install");
    try {
      await install(client, {
        worker: values.worker as string | undefined,
        allowSuperusers: values["allow-superusers"] === true,
        twins: readTwins((values.twin as string[] | undefined) ?? []),
        retention: values.retention as string | undefined,
      });
    } finally {
      await client.end();
    }
    process.stdout.write(
      "Driveshaft is installed. Ask for an analysis with SELECT cdb_run_analysis(...), and start a worker with driveshaft worker.\n",
    );
  },
};

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
