import { availableParallelism } from "node:os";
import { isMainThread, workerData } from "node:worker_threads";
import type { Analysis } from "../analyses/analysis.js";
import { forgetSecrets } from "../aws/secrets.js";
import { withCarto } from "../carto/direct.js";
import { COMPUTING } from "../compute/in-thread.js";
import { serveTasks } from "../compute/serve.js";
import type { Summary } from "../compute/summary.js";
import { DriveshaftError, plainError, type PlainError } from "../errors.js";
import { runJob, type JobReport, type Sink } from "../job/job.js";
import type { Source } from "../job/source.js";
import { limitsOf, stricter, within } from "../job/limits.js";
import { withDatabase } from "../postgres/direct.js";
import { attempt } from "../queue/attempt.js";
import type { Heartbeat } from "../queue/heartbeat.js";
import { readLease } from "../queue/lease.js";
import { linkTo } from "../queue/link.js";
import { queue, type Claim, type JobState, type Queue } from "../queue/queue.js";
import { keepSessions } from "../queue/sessions.js";
import { MAX_THREADS } from "../statistics/inference.js";
import { accountNamed } from "./accounts.js";
import { claimSoon } from "./claim-soon.js";
import { credentialsFromEnvironment, type Credentials } from "./credentials.js";
import { startDeadline } from "./deadline.js";
import { readEvent, type CartoEvent, type DatabaseEvent } from "./event.js";

/** What Lambda tells a function of its invocation; the part that is used. */
export interface Context {
  awsRequestId: string;
  functionName: string;
  memoryLimitInMB: string;
  getRemainingTimeInMillis(): number;
}

/** What a function answers. An analysis without a job that fails raises instead, but for an event that is wrong. */
export type Answer =
  | { state: "failed"; error: PlainError }
  | { job: string; state: JobState["state"] | "unknown"; error?: PlainError }
  | { state: "ready"; target: string; summary: Summary };

/** Share of the function's memory that a job may take: the rest is the runtime's. */
const MEMORY_SHARE = 0.9;

/** Memory with which Lambda gives a whole processor. */
const MB_A_PROCESSOR = 1769;

const credentials = credentialsFromEnvironment();

/**
 * The function of an analysis. Its computing thread is the same module once more.
 * @param module the URL of the module that exports it
 */
export function handlerOf(analysis: Analysis, module: string): (event: unknown, context: Context) => Promise<Answer> {
  if (!isMainThread && workerData === COMPUTING) serveTasks(() => analysis);
  const computing = new URL(module);

  return async (event, context) => {
    const since = performance.now();
    try {
      const asked = readEvent(event, analysis.name);
      const answer =
        "job" in asked
          ? await runQueued(asked.job, analysis, computing, context)
          : await runDirect(asked, analysis, computing, context);
      log(analysis, context, since, answer);
      return answer;
    } catch (error) {
      // a key or a password may have changed
      forgetSecrets();
      const answer = { state: "failed" as const, error: plainError(error) };
      log(analysis, context, since, answer);
      // AWS keeps events whose functions raise; a wrong one may hold a key, and would not be right another time
      if (answer.error.code === "INVALID_EVENT") return answer;
      throw new FunctionError(answer.error);
    }
  };
}

/** What Lambda reports of a failed invocation: the code as its type, no stack. */
class FunctionError extends Error {
  constructor({ code, message, hint }: PlainError) {
    super(hint ? `${message}. ${hint}` : message);
    this.name = code;
    this.stack = "";
  }
}

/** One line; never the event, which may hold a key, nor rows. */
function log(
  analysis: Analysis,
  { awsRequestId }: Context,
  since: number,
  answer: { state: string; job?: string; error?: PlainError },
): void {
  const { state, job, error } = answer;
  const ms = Math.round(performance.now() - since);
  process.stdout.write(
    `${JSON.stringify({ analysis: analysis.name, job, state, error, ms, request: awsRequestId })}\n`,
  );
}

/**
 * Runs a job of the queue. Whatever becomes of the job stands in its row, so only what keeps us from the row raises.
 */
async function runQueued(job: string, analysis: Analysis, computing: URL, context: Context): Promise<Answer> {
  const leaseMs = readLease("DRIVESHAFT_LEASE", process.env.DRIVESHAFT_LEASE);
  let heartbeat: Heartbeat | undefined;
  const link = linkTo(credentials.database(), leaseMs, (payload) => {
    if (payload === job) heartbeat?.renewNow();
  });
  const jobs = queue(link);
  const sessions = keepSessions();
  const deadline = startDeadline(context.getRemainingTimeInMillis(), () => heartbeat?.progress());
  try {
    const worker = `${context.functionName}/${context.awsRequestId}`;
    const claim = await claimSoon(jobs, job, worker, await credentials.roles(), leaseMs);
    if (claim === undefined) return { job, ...((await jobs.jobState(job)) ?? { state: "unknown" }) };
    const url = await urlOf(jobs, claim, credentials);
    if (url !== undefined) {
      const { reported } = await attempt(
        jobs,
        claim,
        url,
        {
          leaseMs,
          retryMs: 1000,
          threads: threadsOf(context),
          find: (name) => only(analysis, name),
          computing,
          sessions,
          limits: { processMb: memoryOf(context) },
          signal: deadline.signal,
        },
        (started) => (heartbeat = started),
      );
      await reported;
    }
    return { job, ...(await jobs.jobState(job))! };
  } finally {
    deadline.stop();
    // a function is frozen between two events
    await Promise.all([sessions.end(), link.end()]);
  }
}

/** As many as the function has processors. */
const threadsOf = ({ memoryLimitInMB }: Context): number =>
  Math.max(1, Math.min(availableParallelism(), MAX_THREADS, Math.floor(Number(memoryLimitInMB) / MB_A_PROCESSOR)));

const memoryOf = ({ memoryLimitInMB }: Context): number => MEMORY_SHARE * Number(memoryLimitInMB);

function only(analysis: Analysis, name: string): Analysis {
  if (name === analysis.name) return analysis;
  throw new DriveshaftError("INVALID_EVENT", `the job asks for ${name}, but the function of ${analysis.name} got it`, {
    hint: "Correct the names of the functions: driveshaft install --functions, driveshaft worker --functions.",
  });
}

/** The requester's connection; where it cannot be had, the job has failed. */
async function urlOf(jobs: Queue, claim: Claim, credentials: Credentials): Promise<string | undefined> {
  try {
    return await credentials.connection(claim.requester);
  } catch (error) {
    await jobs.fail(claim, plainError(error), undefined);
    return undefined;
  }
}

/** Runs an analysis that has no job: all there is to know of it is in the event. */
async function runDirect(
  event: DatabaseEvent | CartoEvent,
  analysis: Analysis,
  computing: URL,
  context: Context,
): Promise<Answer> {
  const { query, params, target } = event;
  let at: [phase: string, share: number] | undefined;
  const report: JobReport = (...now) => (at = now);
  const deadline = startDeadline(context.getRemainingTimeInMillis(), () => at);
  const limits = stricter(limitsOf(params), { processMb: memoryOf(context) });
  const job = { analysis, parameters: params, rowLimit: limits.rows, threads: threadsOf(context), computing };
  try {
    return await within(limits, deadline.signal, async (signal) => {
      let summary: Summary | undefined;
      const use = async (source: Source, sink: Sink | undefined): Promise<void> => {
        summary = await runJob(job, source, sink!, report, signal);
      };
      if ("connection" in event) {
        // an invocation that is repeated, by AWS or by who invokes, has the same id
        const table = { name: target, overwrite: params.overwrite === true, request: context.awsRequestId };
        await withDatabase(await credentials.connection(event.connection), query, table, signal, use);
      } else {
        const result = { target, overwrite: params.overwrite === true };
        await withCarto(await accountNamed(event.carto), query, result, signal, use);
      }
      return { state: "ready", target, summary: summary! };
    });
  } finally {
    deadline.stop();
  }
}
