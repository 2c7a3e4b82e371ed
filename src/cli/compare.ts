import { compareCall } from "../crankshaft/compare.js";
import { DriveshaftError } from "../errors.js";
import { connect } from "../postgres/connect.js";
import { databaseOption, databaseUrl, type Command } from "./command.js";
import { textTable } from "./text-table.js";

export const compareCommand: Command = {
  name: "compare",
  summary: "Calls a function of crankshaft where it still stands and here, and prints how the rows differ.",
  positionals: "CALL",
  options: {
    database: databaseOption,
    former: { type: "string", value: "SCHEMA", description: "the schema of crankshaft, default crankshaft_before" },
    bugs: { type: "boolean", description: "as with SET driveshaft.crankshaft_bugs = on" },
    json: { type: "boolean", description: "print JSON" },
  },
  examples: [`driveshaft compare "CDB_MoransILocal('SELECT * FROM counties', 'unemployment')"`],
  async run([call], values) {
    if (call === undefined) {
      throw new DriveshaftError("INVALID_PARAMETER", "no call is given", {
        hint: "Expected one as CDB_MoransILocal('SELECT * FROM t', 'v').",
      });
    }
    const former = (values.former as string | undefined) ?? "crankshaft_before";
    const client = await connect(databaseUrl(values), "driveshaft compare");
    try {
      if (values.bugs) await client.query("SET driveshaft.crankshaft_bugs = on");
      const found = await compareCall(client, call, former);
      if (values.json) return void process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
      const { rows, only, differences } = found;
      process.stdout.write(`${rows} rows in both, ${only.former} in ${former} only, ${only.here} here only\n`);
      const names = ["column", "equal", "largest", "relative", "other"];
      process.stdout.write(
        textTable(
          names,
          differences.map((each) => ({ ...each })),
        ),
      );
    } finally {
      await client.end();
    }
  },
};
