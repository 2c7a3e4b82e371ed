import { fork, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { bundles } from "./bundles.js";

/**
 * A stand-in for AWS Lambda: its Invoke API over HTTP, in front of the packaged bundles. Each function has containers,
 * which are processes that take one event at a time and are ended at their timeout. Events are handed over and tried
 * three times.
 */
export interface LocalLambda {
  endpoint: string;
  /** Names of the functions, for --functions. */
  functions: string;
  /** What was invoked, in order: the function, the type, and the event. */
  calls: { name: string; type: string; event: unknown }[];
  /** What the functions answered, or failed with, in order. */
  answers: { name: string; result?: unknown; error?: FunctionFailure }[];
  /** Lines that the functions wrote. */
  log: string[];
  /** Events that failed in every attempt. */
  failures: unknown[];
  settings: LambdaSettings;
  /** Resolves when no event is waiting or running. */
  idle(): Promise<void>;
  /** Ends the containers of a function, wherever they are; their events are not tried again. */
  kill(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface LambdaSettings {
  environment: Record<string, string>;
  timeoutMs: number;
  memoryMb: number;
  /** Invocations that are refused from now on. */
  throttle: number;
  /** Events that are taken and then lost. */
  lose: number;
  /** How often each event is delivered. */
  deliveries: number;
  /** Ends the container this long after its next event has come. */
  killAfterMs: number | undefined;
  missing: string[];
}

export interface FunctionFailure {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

type Reply = { ready: true } | { result: unknown } | { error: FunctionFailure };

const PREFIX = "driveshaft-test-";
const LARGEST: Record<string, number> = { Event: 1_048_576, RequestResponse: 6_291_456 };

export async function startLambda(environment: Record<string, string>): Promise<LocalLambda> {
  const { module } = await bundles();
  const settings: LambdaSettings = {
    environment,
    timeoutMs: 60_000,
    memoryMb: 1769,
    throttle: 0,
    lose: 0,
    deliveries: 1,
    killAfterMs: undefined,
    missing: [],
  };
  const calls: LocalLambda["calls"] = [];
  const answers: LocalLambda["answers"] = [];
  const log: string[] = [];
  const failures: unknown[] = [];
  const waiting = new Map<string, ChildProcess[]>();
  const all = new Set<ChildProcess>();
  const events = new Set<Promise<void>>();
  const running = new Map<string, Set<ChildProcess>>();
  const dead = new Set<string>();

  async function container(name: string): Promise<ChildProcess> {
    const warm = waiting.get(name)?.pop();
    if (warm?.connected) return warm;
    const child = fork("build/js/test/support/container.js", [module(name)], {
      env: {
        PATH: process.env.PATH,
        ...settings.environment,
        AWS_REGION: "eu-west-1",
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_LAMBDA_FUNCTION_NAME: PREFIX + name,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMb),
      },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      execArgv: [],
    });
    all.add(child);
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on("data", (text: Buffer) => log.push(...text.toString().trimEnd().split("\n")));
    }
    await new Promise<void>((resolve, reject) => {
      child.once("message", () => resolve());
      child.once("exit", () => reject(new Error(`the bundle of ${name} does not load: ${log.join("\n")}`)));
    });
    return child;
  }

  /** One invocation: what the function returned, or how it failed. */
  async function run(name: string, event: unknown): Promise<Exclude<Reply, { ready: true }>> {
    const child = await container(name);
    const busy = running.get(name) ?? new Set();
    running.set(name, busy.add(child));
    const { timeoutMs, killAfterMs } = settings;
    settings.killAfterMs = undefined;
    const timers = [setTimeout(() => child.kill("SIGKILL"), timeoutMs)];
    if (killAfterMs !== undefined) timers.push(setTimeout(() => child.kill("SIGKILL"), killAfterMs));
    const reply = await new Promise<Exclude<Reply, { ready: true }>>((resolve) => {
      const since = performance.now();
      const exited = (): void => {
        const late = performance.now() - since >= timeoutMs;
        const errorMessage = late
          ? `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`
          : "Runtime exited with error: signal: killed";
        resolve({ error: { errorType: late ? "Sandbox.Timedout" : "Runtime.ExitError", errorMessage } });
      };
      child.once("exit", exited);
      child.once("message", (message) => {
        child.off("exit", exited);
        resolve(message as Exclude<Reply, { ready: true }>);
      });
      child.send({ event, request: randomUUID(), deadline: Date.now() + timeoutMs });
    });
    for (const timer of timers) clearTimeout(timer);
    busy.delete(child);
    if (child.connected && child.exitCode === null) waiting.set(name, [...(waiting.get(name) ?? []), child]);
    answers.push({ name, ...reply });
    return reply;
  }

  /** An event is tried three times, then it goes to the destination of failures. */
  async function deliver(name: string, event: unknown): Promise<void> {
    for (let attempt = 0; attempt < 3; attempt++) {
      const reply = await run(name, event);
      if ("result" in reply || dead.has(name)) return;
      await pause(50 * (attempt + 1));
    }
    failures.push(event);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const type = String(request.headers["x-amz-invocation-type"] ?? "RequestResponse");
    const [, address] = /\/functions\/([^/]+)\/invocations/.exec(decodeURIComponent(request.url!)) ?? [];
    const name = (address ?? "").split(":").at(-1).replace(PREFIX, "");
    function say(status: number, value?: unknown, headers: Record<string, string> = {}): void {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(value === undefined ? undefined : JSON.stringify(value));
    }
    const refuse = (status: number, kind: string, message: string): void =>
      say(status, { Type: "User", message, Message: message }, { "x-amzn-errortype": kind });

    if (body.length > (LARGEST[type] ?? Infinity)) {
      refuse(413, "RequestTooLargeException", `Request must be smaller than ${LARGEST[type]} bytes`);
      return;
    }
    if (!Object.keys((await bundles()).zipped).includes(name) || settings.missing.includes(name)) {
      refuse(404, "ResourceNotFoundException", `Function not found: ${address}`);
      return;
    }
    if (type === "DryRun") {
      say(204);
      return;
    }
    const event = JSON.parse(body.toString()) as unknown;
    calls.push({ name, type, event });
    if (settings.throttle > 0) {
      settings.throttle--;
      refuse(429, "TooManyRequestsException", "Rate Exceeded.");
      return;
    }
    if (type === "Event") {
      say(202);
      if (settings.lose > 0) {
        settings.lose--;
        return;
      }
      for (let delivery = 0; delivery < settings.deliveries; delivery++) {
        const delivered = deliver(name, event).finally(() => events.delete(delivered));
        events.add(delivered);
      }
      return;
    }
    const reply = await run(name, event);
    if ("error" in reply) say(200, reply.error, { "x-amz-function-error": "Unhandled" });
    else say(200, reply.result);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500, { "x-amzn-errortype": "ServiceException" });
      response.end(JSON.stringify({ message: String(error) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    functions: `${PREFIX}*`,
    calls,
    answers,
    log,
    failures,
    settings,
    async kill(name) {
      dead.add(name);
      for (const child of running.get(name) ?? []) child.kill("SIGKILL");
      while (events.size > 0) await Promise.all(events);
      dead.delete(name);
    },
    async idle() {
      while (events.size > 0) await Promise.all(events);
    },
    async close() {
      for (const child of all) child.kill("SIGKILL");
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
