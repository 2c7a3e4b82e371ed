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
    "allow-superusers": { type: "boolean", description: "take jobs of superusers, whose queries no sandbox holds" },
  },
  async run(_, values) {
    const client = await connect(databaseUrl(values), "driveshaft install");
    try {
      await install(client, {
        worker: values.worker as string | undefined,
        allowSuperusers: values["allow-superusers"] === true,
      });
    } finally {
      await client.end();
    }
    process.stdout.write(
      "Driveshaft is installed. Ask for an analysis with SELECT cdb_run_analysis(...), and start a worker with driveshaft worker.\n",
    );
  },
};
