import { DriveshaftError } from "../errors.js";
import {
  connectionsFromCommand,
  connectionsFromEnvironment,
  connectionsFromFile,
  type ConnectionsSource,
} from "../queue/connections.js";
import { work } from "../queue/worker.js";
import { databaseOption, databaseUrl, threadsOf, threadsOption, type Command, type Values } from "./command.js";

/** Environment variable with the connections. */
const VARIABLE = "DRIVESHAFT_CONNECTIONS";

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
    "connections-command": {
      type: "string",
      value: "COMMAND",
      description: "command that prints the same JSON, asking a secret store; run again when a connection is refused",
    },
    lease: { type: "string", value: "SECONDS", description: "how long a job stays with a silent worker, default 30" },
    poll: { type: "string", value: "SECONDS", description: "how often to look for jobs unasked, default 5" },
    retry: {
      type: "string",
      value: "SECONDS",
      description: "wait before a job is tried again after a transient error, default 1; five times as long each time",
    },
    threads: threadsOption("1"),
  },
  async run(_, values) {
    const connections = connectionsOf(values);
    const times = {
      leaseMs: seconds(values, "lease", 30, 1),
      pollMs: seconds(values, "poll", 5, 0.1),
      retryMs: seconds(values, "retry", 1, 0),
    };
    const stop = new AbortController();
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
    const say = (text: string): void => void process.stdout.write(`${new Date().toISOString()} ${text}\n`);
    say(`worker for ${Object.keys(await connections()).join(", ")}`);
    await work({
      database: databaseUrl(values),
      connections,
      ...times,
      threads: threadsOf(values, 1),
      onNotice: say,
      signal: stop.signal,
      onStart: ({ job, analysis, requester, attempt }) =>
        say(`${job} ${analysis} for ${requester}, attempt ${attempt}`),
      onEnd: ({ job }, error, ms) =>
        say(`${job} ${error ? `${error.code}: ${error.message}` : "ready"} after ${Math.round(ms)} ms`),
    });
  },
};

function connectionsOf(values: Values): ConnectionsSource {
  const file = values.connections as string | undefined;
  const command = values["connections-command"] as string | undefined;
  if (file !== undefined && command !== undefined) {
    throw new DriveshaftError("INVALID_PARAMETER", "--connections and --connections-command do not go together");
  }
  if (file !== undefined) return connectionsFromFile(file);
  if (command !== undefined) return connectionsFromCommand(command);
  if (process.env[VARIABLE]) return connectionsFromEnvironment(VARIABLE);
  throw new DriveshaftError("INVALID_PARAMETER", "no connections are given, so the worker can run nobody's jobs", {
    hint: `Use --connections FILE or --connections-command COMMAND, or set ${VARIABLE}.`,
  });
}

function seconds(values: Values, name: string, byDefault: number, least: number): number {
  const given = values[name] === undefined ? byDefault : Number(values[name]);
  if (given >= least) return given * 1000;
  throw new DriveshaftError(
    "INVALID_PARAMETER",
    `--${name} is ${String(values[name])}, expected seconds of at least ${least}`,
  );
}
