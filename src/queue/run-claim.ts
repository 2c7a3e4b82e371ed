import type pg from "pg";
import type { Analysis } from "../analyses/analysis.js";
import { runJob, type Sink } from "../job/job.js";
import { limitsOf, stricter, within, type Limits } from "../job/limits.js";
import type { SessionSettings } from "../postgres/connect.js";
import { checkTarget, place, refusing, stagingName } from "../postgres/place.js";
import { querySource } from "../postgres/source.js";
import { tableSink } from "../postgres/sink.js";
import { answerSink } from "./answer-sink.js";
import { attemptSessions } from "./attempt-sessions.js";
import { failureOf, type Failure } from "./failure.js";
import type { Heartbeat } from "./heartbeat.js";
import type { Claim, Queue } from "./queue.js";
import type { Sessions } from "./sessions.js";
import { endStrays } from "./strays.js";

/** What a claim ended with: nothing where it was published. */
export type Outcome = Failure | undefined;

/** How a worker runs claims. */
export interface RunOptions {
  /** How long a job stays with a silent worker. */
  leaseMs: number;
  /** Threads that a computation may use. */
  threads: number;
  /** The analyses that this process knows. @throws UNKNOWN_ANALYSIS */
  find(name: string): Analysis;
  /** The module of the computing thread, where it is not this package's own. */
  computing?: URL | undefined;
  /** Limits of this process, beside those of the job and its role. */
  limits?: Limits | undefined;
  /** Ends the attempt, with its reason for an error. */
  signal?: AbortSignal | undefined;
  /** Where the sessions of requesters come from. */
  sessions: Sessions;
  /** Told of roles whose stray backends could not be ended. */
  strays?(requester: string, why: string): void;
}

/** Share of a lease for which a connection may move no bytes before it is looked at. */
const STALL = 1 / 3;

/** How long the query of a job that answers waits for a lock. */
const LOCK_OF_ANSWERS = "500ms";

/**
 * Runs a claimed job: reads and writes on connections of the requester's own, one for each. Whatever becomes of it, no
 * backend is left at work.
 * @param url the requester's connection
 */
export async function runClaim(
  queue: Queue,
  claim: Claim,
  url: string,
  heartbeat: Heartbeat,
  { leaseMs, threads, find, computing, limits: own = {}, signal: ending, sessions: kept, strays }: RunOptions,
): Promise<Outcome> {
  const limits = stricter(limitsOfClaim(claim), own);
  const stalled = new AbortController();
  const outer = AbortSignal.any([heartbeat.signal, stalled.signal, ...(ending ? [ending] : [])]);
  const onStall = (error: Error): void => stalled.abort(error);
  const sessions = attemptSessions({ queue, claim, url, sessions: kept, stallMs: leaseMs * STALL, onStall });
  let cutOff = (): boolean => outer.aborted;
  let published = false;
  try {
    // what a lost attempt at this job left
    if (claim.attempt > 1) await endStrays(queue, { [claim.requester]: url }, strays);
    await within(limits, outer, async (signal) => {
      cutOff = () => signal.aborted;
      const analysis = find(claim.analysis);
      // whoever waits for an answer may hold the very lock that the query needs
      const lock: SessionSettings = claim.answer ? { lock_timeout: LOCK_OF_ANSWERS } : {};
      const reading = await sessions.open({ search_path: claim.path, TimeZone: claim.time_zone, ...lock }, signal);
      const overwrite = claim.params.overwrite === true;
      // what stands under the target's name may have changed since the job was asked for
      if (claim.target !== null) await checkTarget(reading, "driveshaft", claim.target, overwrite);
      const source = await querySource(reading, claim.query);
      const writing = (): Promise<pg.Client> =>
        sessions.open({ search_path: "pg_catalog,pg_temp", lock_timeout: "1s" }, signal);
      // nobody can take the job before the last transaction has ended, and after it a renewal would find it gone
      const stop = (): void => void heartbeat.stop();
      const sink =
        claim.target === null
          ? answerSink(claim, writing, stop)
          : publishingSink({ ...claim, target: claim.target }, overwrite, writing, stop);
      const job = { analysis, parameters: claim.params, rowLimit: limits.rows, threads, computing };
      await runJob(job, source, sink, heartbeat.report, signal);
    });
    published = true;
    return undefined;
  } catch (error) {
    return failureOf(error);
  } finally {
    await (published ? sessions.giveBack() : sessions.end(cutOff()));
  }
}

/** The target as a sink: in one transaction its table is made, filled and put in place, and the job is ready. */
function publishingSink(
  { target, job, token }: Claim & { target: string },
  overwrite: boolean,
  open: () => Promise<pg.Client>,
  before: () => void,
): Sink {
  const staging = stagingName(target);
  return tableSink(staging, target, open, async (client, summary) => {
    const note = `${summary.analysis} (version ${summary.version}), job ${job}; see cdb_analysis_results()`;
    await place(client, "driveshaft", { staging, target, overwrite, note });
    await refusing(client.query("SELECT driveshaft.publish($1, $2, $3)", [job, token, JSON.stringify(summary)]));
    before();
  });
}

/** The limits of the job and of its requester's role. */
function limitsOfClaim({ params, seconds, rows, memory_mb }: Claim): Limits {
  return stricter(limitsOf(params), { seconds, rows: Number(rows), memoryMb: memory_mb ?? undefined });
}
