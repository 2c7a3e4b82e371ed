import { DriveshaftError } from "../errors.js";
import {
  connectionsFromCommand,
  connectionsFromEnvironment,
  connectionsFromFile,
  type ConnectionsSource,
} from "../queue/connections.js";
import { oneLine } from "../one-line.js";
import { readLease } from "../queue/lease.js";
import { readSeconds } from "../seconds.js";
import { work } from "../queue/worker.js";
import { analyses } from "../analyses/index.js";
import { gateway } from "../lambda/gateway.js";
import { invoker } from "../lambda/invoke.js";
import type { ServeOptions } from "../queue/serve.js";
import { awsOf, awsOptions, functionsOfValues, functionsOption, invocationOf } from "./aws.js";
import {
  databaseOption,
  databaseUrl,
  threadsOf,
  threadsOption,
  wholeNumber,
  type Command,
  type Values,
} from "./command.js";

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
    engine: {
      type: "string",
      value: "ENGINE",
      description:
        "worker, the default, runs jobs itself; lambda invokes functions on AWS Lambda for the jobs of that engine",
    },
    functions: functionsOption,
    ...awsOptions,
    invocation: {
      type: "string",
      value: "TYPE",
      description: "Event, the default, hands jobs over; RequestResponse waits for the end of each",
    },
    concurrency: {
      type: "string",
      value: "NUMBER",
      description: "jobs that functions run at a time, default 10",
    },
  },
  async run(_, values) {
    const times = {
      leaseMs: readLease("--lease", values.lease as string | undefined),
      pollMs: readSeconds("--poll", values.poll as string | undefined, 5, 0.1),
      retryMs: readSeconds("--retry", values.retry as string | undefined, 1, 0),
    };
    const stop = new AbortController();
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
    // names of others stand in it
    const say = (text: string): void => void process.stdout.write(`${new Date().toISOString()} ${oneLine(text)}\n`);
    const serving = { database: databaseUrl(values), ...times, onNotice: say, signal: stop.signal };
    if (engineOf(values) === "lambda") return invokeFunctions(serving, values, say);
    const connections = connectionsOf(values);
    say(`worker for ${Object.keys(await connections()).join(", ")}`);
    await work({
      ...serving,
      connections,
      threads: threadsOf(values, 1),
      onStart: ({ job, analysis, requester, attempt }) =>
        say(`${job} ${analysis} for ${requester}, attempt ${attempt}`),
      onEnd: ({ job }, error, ms) =>
        say(`${job} ${error ? `${error.code}: ${error.message}` : "ready"} after ${Math.round(ms)} ms`),
    });
  },
};

function engineOf(values: Values): "worker" | "lambda" {
  const { engine = "worker" } = values;
  if (engine === "worker" || engine === "lambda") return engine;
  throw new DriveshaftError("INVALID_PARAMETER", `--engine is ${String(engine)}, expected worker or lambda`, {
    hint: "Jobs of the engine aws_lambda are sent by the database itself; no worker is needed.",
  });
}

/** The worker as a gateway: it computes nothing. */
async function invokeFunctions(serving: ServeOptions, values: Values, say: (text: string) => void): Promise<void> {
  const functions = await functionsOfValues(values);
  const sdk = await invoker(awsOf(values));
  const names = analyses.map(({ name }) => name);
  try {
    const [type, most] = [invocationOf(values, "Event"), wholeNumber(values, "concurrency", 10)];
    say(`gateway to ${functions("*")}`);
    await gateway({
      ...serving,
      functions,
      invoker: sdk,
      type,
      most,
      analyses: names,
      onSent: ({ job, analysis, requester }) => say(`${job} ${analysis} for ${requester} is sent`),
      onEnd: ({ job }, answer) => say(`${job} ${(answer as { state?: string } | undefined)?.state ?? "answered"}`),
      onError: ({ job }, message) => say(`${job} could not be sent: ${message}`),
    });
  } finally {
    sdk.end();
  }
}

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
