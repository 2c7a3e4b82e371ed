import type { InvocationType } from "@aws-sdk/client-lambda";
import { DriveshaftError, type ErrorCode, type PlainError, codes } from "../errors.js";

export interface Invoker {
  /**
   * Invokes a function. `Event` only hands the event over, and resolves with nothing.
   * @throws INVOKE_FAILED, RATE_LIMITED, and what the function itself failed with
   */
  invoke(name: string, event: unknown, type: "Event" | "RequestResponse"): Promise<unknown>;
  /** Asks whether a function is there and may be invoked. @throws INVOKE_FAILED */
  check(name: string): Promise<void>;
  end(): void;
}

export interface InvokerOptions {
  region?: string | undefined;
  /** Another place than AWS, such as a local stand-in. */
  endpoint?: string | undefined;
  /** Milliseconds for which an answer is waited for; the longest that a function can run by default. */
  answerWithinMs?: number | undefined;
  /** Tries of an invocation, with growing pauses between them, default 5. */
  attempts?: number | undefined;
}

/** Largest events, in bytes. */
const LARGEST = { Event: 1_048_576, RequestResponse: 6_291_456 } as const;

/** Milliseconds: the longest that a function can run, and somewhat more. */
const LONGEST = 910_000;

/** Invocations through the SDK, which finds region and credentials as the tools of AWS do. */
export async function invoker(options: InvokerOptions = {}): Promise<Invoker> {
  // not loaded where nothing is invoked
  const { LambdaClient, InvokeCommand } = await import("@aws-sdk/client-lambda");
  const client = new LambdaClient({
    ...(options.region && { region: options.region }),
    ...(options.endpoint && { endpoint: options.endpoint }),
    maxAttempts: options.attempts ?? 5,
    requestHandler: { requestTimeout: options.answerWithinMs ?? LONGEST, connectionTimeout: 5_000 },
  });

  async function send(name: string, payload: string, type: InvocationType): Promise<unknown> {
    const answer = await client
      .send(new InvokeCommand({ FunctionName: name, Payload: Buffer.from(payload), InvocationType: type }))
      .catch((error: unknown) => {
        throw refused(name, error as Error);
      });
    if (type !== "RequestResponse") return undefined;
    const text = Buffer.from(answer.Payload ?? new Uint8Array()).toString("utf8");
    const result = text === "" ? undefined : (JSON.parse(text) as unknown);
    if (answer.FunctionError) throw failed(name, result);
    const { job, error } = (result ?? {}) as { job?: string; error?: PlainError };
    // a job's error is in its row; without one the event was wrong
    if (error && job === undefined) throw new DriveshaftError(error.code, error.message, { hint: error.hint });
    return result;
  }
  return {
    async invoke(name, event, type) {
      const payload = JSON.stringify(event);
      const bytes = Buffer.byteLength(payload);
      if (bytes > LARGEST[type]) {
        throw new DriveshaftError(
          "INVOKE_FAILED",
          `the event has ${bytes} bytes; an invocation of type ${type} takes ${LARGEST[type]}`,
          { hint: "Name a table or view in the query, instead of a long text." },
        );
      }
      return send(name, payload, type);
    },
    async check(name) {
      await send(name, "{}", "DryRun");
    },
    end: () => client.destroy(),
  };
}

/** What AWS says when it does not run a function, in our terms. */
function refused(name: string, error: Error): DriveshaftError {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  const fail = (message: string, hint?: string): DriveshaftError =>
    new DriveshaftError("INVOKE_FAILED", `the function ${name} ${message}`, { hint, cause: error });
  switch (error.name) {
    case "ResourceNotFoundException":
      return fail("is not there", "Deploy it, or correct the names given with --functions.");
    case "AccessDeniedException":
    case "ExpiredTokenException":
    case "UnrecognizedClientException":
    case "CredentialsProviderError":
      return fail(
        `may not be invoked: ${error.name}`,
        "Check the credentials of AWS, and that they allow lambda:InvokeFunction on it.",
      );
    case "RequestTooLargeException":
      return fail("does not take an event of this size");
    case "TooManyRequestsException":
      return new DriveshaftError("RATE_LIMITED", `AWS Lambda throttles the function ${name}`, {
        hint: "Raise its reserved concurrency, or ask for fewer jobs at a time.",
        cause: error,
      });
    default:
      return fail(`could not be invoked: ${error.name}${status ? ` (status ${status})` : ""}: ${error.message}`);
  }
}

/** What a function that ran has failed with. A code of ours is passed on. */
function failed(name: string, result: unknown): DriveshaftError {
  const { errorType, errorMessage } = (result ?? {}) as { errorType?: string; errorMessage?: string };
  if (codes.some((code) => code === errorType)) return new DriveshaftError(errorType as ErrorCode, errorMessage ?? "");
  const why = errorMessage ?? errorType ?? "it says nothing";
  const hint = /timed out/i.test(why)
    ? "Give it a longer timeout or more memory."
    : /memory|signal: killed|exited/i.test(why)
      ? "Give it more memory, or see its log."
      : "See its log.";
  return new DriveshaftError("INVOKE_FAILED", `the function ${name} failed: ${why}`, { hint });
}

/** Whether the same invocation may succeed later, without anybody doing anything. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof DriveshaftError)) return false;
  if (error.code === "RATE_LIMITED" || error.code === "CONNECTION_FAILED") return true;
  const { name, $metadata } = (error.cause ?? {}) as { name?: string; $metadata?: { httpStatusCode?: number } };
  if (name === undefined || error.code !== "INVOKE_FAILED") return false;
  const status = $metadata?.httpStatusCode;
  // without a status no answer came at all
  return status === undefined ? name !== "CredentialsProviderError" : status >= 500;
}
