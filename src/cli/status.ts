import { connect } from "../postgres/connect.js";
import { databaseOption, databaseUrl, type Command } from "./command.js";

interface Row {
  id: string;
  analysis: string;
  state: string;
  phase: string | null;
  progress: number;
  /** Null where the rows are an answer for who asked. */
  target: string | null;
  error_code: string | null;
  error_message: string | null;
  error_hint: string | null;
}

export const statusCommand: Command = {
  name: "status",
  summary: "Shows one's own jobs, or one of them.",
  positionals: "[JOB]",
  options: { database: databaseOption, json: { type: "boolean", description: "print all there is, as JSON" } },
  async run([job], values) {
    const client = await connect(databaseUrl(values), "driveshaft status");
    try {
      const { rows } = await client.query<Row>("SELECT * FROM public.cdb_analysis_status($1)", [job]);
      if (values.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
      else for (const row of rows) process.stdout.write(line(row));
    } finally {
      await client.end();
    }
  },
};

function line(row: Row): string {
  const share = row.state === "running" ? `, ${Math.round(row.progress * 100)} %` : "";
  const state = row.phase === null ? row.state : `${row.state} (${row.phase}${share})`;
  const error =
    row.error_code === null
      ? ""
      : `\n    ${row.error_code}: ${row.error_message}${row.error_hint ? `\n    ${row.error_hint}` : ""}`;
  return `${row.id}  ${row.analysis.padEnd(12)} ${state.padEnd(10)} ${row.target ?? "an answer"}${error}\n`;
}
