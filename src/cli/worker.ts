import { readFile } from "node:fs/promises";
import { DriveshaftError } from "../errors.js";
import { work } from "../queue/worker.js";
import { databaseOption, databaseUrl, type Command, type Values } from "./command.js";

export const workerCommand: Command = {
  name: "worker",
  summary:
    "Runs jobs until it is stopped: the first Ctrl-C or SIGTERM lets the job at hand finish, the second does not.",
  positionals: "",
  options: {
    database: { ...databaseOption, description: "the worker's own connection, default $DATABASE_URL" },
    connections: {
      type: "string",
      value: "FILE",
      description:
        'JSON file with a connection for each role, {"role": "postgres://..."}; default $DRIVESHAFT_CONNECTIONS, the same JSON',
    },
    lease: { type: "string", value: "SECONDS", description: "how long a job stays with a silent worker, default 30" },
  },
  async run(_, values) {
    const lease = values.lease === undefined ? 30 : Number(values.lease);
    if (!(lease >= 1))
      throw new DriveshaftError(
        "INVALID_PARAMETER",
        `--lease is ${String(values.lease)}, expected seconds of at least 1`,
      );
    const connections = await readConnections(values);
    const stop = new AbortController();
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
    const say = (text: string): void => void process.stdout.write(`${new Date().toISOString()} ${text}\n`);
    say(`worker for ${Object.keys(connections).join(", ")}`);
    await work({
      database: databaseUrl(values),
      connections,
      leaseMs: lease * 1000,
      signal: stop.signal,
      onStart: ({ job, analysis, requester, attempt }) =>
        say(`${job} ${analysis} for ${requester}, attempt ${attempt}`),
      onEnd: ({ job }, error, ms) =>
        say(`${job} ${error ? `${error.code}: ${error.message}` : "ready"} after ${Math.round(ms)} ms`),
    });
  },
};

async function readConnections(values: Values): Promise<Record<string, string>> {
  const file = values.connections as string | undefined;
  const text = file === undefined ? process.env.DRIVESHAFT_CONNECTIONS : await readFile(file, "utf8");
  const from = file ?? "DRIVESHAFT_CONNECTIONS";
  if (!text)
    throw new DriveshaftError("INVALID_PARAMETER", "no connections are given", {
      hint: "Use --connections FILE, or set DRIVESHAFT_CONNECTIONS.",
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // the text may hold passwords, so it is not shown
    throw new DriveshaftError("INVALID_PARAMETER", `${from} is not JSON`);
  }
  if (typeof value !== "object" || value === null || !Object.values(value).every((url) => typeof url === "string")) {
    throw new DriveshaftError("INVALID_PARAMETER", `${from} is not an object of roles and connection URLs`);
  }
  return value as Record<string, string>;
}
