import { setTimeout as pause } from "node:timers/promises";
import { linkTo } from "../queue/link.js";
import { queue, type QueueDepth } from "../queue/queue.js";
import { credentialsFromEnvironment } from "./credentials.js";
import { functionsOf } from "./functions.js";
import type { Context } from "./handler.js";
import { invoker } from "./invoke.js";
import { sendDue } from "./send-due.js";

/** Milliseconds after which a function is told again of a job whose event seems lost. */
const AGAIN = 300_000;

/** The engines whose jobs functions run. */
const engines = ["lambda", "aws_lambda"] as const;

const credentials = credentialsFromEnvironment();
/** Kept with the container. */
let invoking: ReturnType<typeof invoker> | undefined;

/** Milliseconds of its time that the sweep leaves unused. */
const RESERVE = 15_000;

/** Milliseconds between two looks for room while jobs wait for it. */
const LOOK_EVERY = 1_000;

/**
 * The function that a schedule starts every minute: it takes jobs back from functions that were lost, sends the events
 * of jobs that have none, or whose next attempt is due, and cleans up. While jobs wait for others to end it stays, and
 * sends each as soon as there is room.
 * @returns the number of events that were sent, and what went wrong
 */
export async function sweep(_event: unknown, context: Context): Promise<{ sent: number; errors: string[] }> {
  const link = linkTo(credentials.database(), 30_000, () => {});
  const result = { sent: 0, errors: [] as string[] };
  try {
    const jobs = queue(link);
    await jobs.sweep();
    invoking ??= invoker();
    const how = {
      name: `${context.functionName}/${context.awsRequestId}`,
      engines,
      functions: functionsOf(process.env.DRIVESHAFT_FUNCTIONS ?? ""),
      invoker: await invoking,
      type: "Event" as const,
      againMs: AGAIN,
      retryMs: 60_000,
      onError: (_: unknown, message: string) => result.errors.push(message),
    };
    for (;;) {
      const before = result.errors.length;
      const sent = await sendDue(jobs, how);
      await Promise.all(sent);
      result.sent += sent.length - (result.errors.length - before);
      const depth = await jobs.queueDepth(engines);
      if (depth.unsent === 0 || context.getRemainingTimeInMillis() < RESERVE) {
        process.stdout.write(`${JSON.stringify({ ...result, ...metricsOf(context.functionName, depth) })}\n`);
        return result;
      }
      await pause(LOOK_EVERY);
    }
  } finally {
    await link.end();
  }
}

/**
 * What alarms watch, in the embedded metric format: CloudWatch takes metrics from a line of the log, which needs no
 * permission and no further call.
 */
function metricsOf(functionName: string, { pending, oldestSeconds }: QueueDepth): object {
  const metrics = [
    { Name: "PendingJobs", Unit: "Count" },
    { Name: "OldestPendingJob", Unit: "Seconds" },
  ];
  const directive = { Namespace: "Driveshaft", Dimensions: [["FunctionName"]], Metrics: metrics };
  return {
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: [directive] },
    FunctionName: functionName,
    PendingJobs: pending,
    OldestPendingJob: Math.round(oldestSeconds),
  };
}
