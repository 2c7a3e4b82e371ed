import { connect } from "../postgres/connect.js";
import { uninstall } from "../install/uninstall.js";
import { databaseOption, databaseUrl, type Command } from "./command.js";

export const uninstallCommand: Command = {
  name: "uninstall",
  summary: "Removes the SQL functions and the job tables. Published tables stay.",
  positionals: "",
  options: {
    database: databaseOption,
    force: { type: "boolean", description: "also with unfinished jobs, and with views of others on the job tables" },
  },
  async run(_, values) {
    const client = await connect(databaseUrl(values), "driveshaft uninstall");
    try {
      await uninstall(client, values.force === true);
    } finally {
      await client.end();
    }
    process.stdout.write("Driveshaft is removed. The tables that it published are still there.\n");
  },
};
