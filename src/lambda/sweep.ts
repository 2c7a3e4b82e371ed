import { linkTo } from "../queue/link.js";
import { queue } from "../queue/queue.js";
import { credentialsFromEnvironment } from "./credentials.js";
import { functionsOf } from "./functions.js";
import type { Context } from "./handler.js";
import { invoker } from "./invoke.js";
import { sendDue } from "./send-due.js";

/** Jobs told of or running at a time; functions have concurrencies of their own besides. */
const MOST = 1_000;

/** Milliseconds after which a function is told again of a job that none has claimed. Lambda keeps events itself for a while. */
const AGAIN = 300_000;

const credentials = credentialsFromEnvironment();
/** Kept with the container. */
let invoking: ReturnType<typeof invoker> | undefined;

/**
 * The function that a schedule starts every minute: it takes jobs back from functions that were lost, tells of jobs that
 * nobody was told of, or whose next attempt is due, and cleans up.
 * @returns the number of jobs that functions were told of, and what went wrong
 */
export async function sweep(_event: unknown, context: Context): Promise<{ sent: number; errors: string[] }> {
  const link = linkTo(credentials.database(), 30_000, () => {});
  const errors: string[] = [];
  try {
    const jobs = queue(link);
    await jobs.sweep();
    invoking ??= invoker();
    const sent = await sendDue(jobs, {
      name: `${context.functionName}/${context.awsRequestId}`,
      engines: ["lambda", "aws_lambda"],
      functions: functionsOf(process.env.DRIVESHAFT_FUNCTIONS ?? ""),
      invoker: await invoking,
      type: "Event",
      most: MOST,
      againMs: AGAIN,
      retryMs: 60_000,
      onError: (_, message) => errors.push(message),
    });
    await Promise.all(sent);
    const told = { sent: sent.length - errors.length, errors };
    process.stdout.write(`${JSON.stringify(told)}\n`);
    return told;
  } finally {
    await link.end();
  }
}
