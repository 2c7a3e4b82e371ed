import pg from "pg";
import { DriveshaftError, plainError, type PlainError } from "../errors.js";
import { runJob } from "../job/job.js";
import { limitsOf, stricter, within } from "../job/limits.js";
import { checkTarget, place, refusing, stagingName } from "../postgres/place.js";
import { querySource } from "../postgres/source.js";
import { tableSink } from "../postgres/sink.js";
import type { AttemptOptions } from "./attempt.js";
import type { Heart } from "./heart.js";
import type { Claim, Queue } from "./queue.js";
import { terminate, type Session } from "./requester.js";
import { endStrays } from "./strays.js";
import { isTransient } from "./transient.js";
import { watchStalls } from "./stalls.js";

/** What a claim ended with: nothing where it was published. */
export type Outcome = { error: PlainError; transient: boolean } | undefined;

/** Share of a lease for which a connection may move no bytes before it is looked at. */
const STALL = 1 / 3;

/**
 * Runs a claimed job: reads and writes on connections of the requester's own, one for each. Whatever becomes of it, no
 * backend is left at work.
 * @param url the requester's connection
 */
export async function runClaim(
  queue: Queue,
  claim: Claim,
  url: string,
  heart: Heart,
  { leaseMs, threads, find, computing, limits: own = {}, signal: ending, sessions: kept, strays }: AttemptOptions,
): Promise<Outcome> {
  const { seconds, rows, memory_mb } = claim;
  const roleLimits = { seconds, rows: Number(rows), memoryMb: memory_mb ?? undefined };
  const limits = stricter(stricter(limitsOf(claim.params), roleLimits), own);
  const sessions: Session[] = [];
  const broken = new AbortController();
  const outer = AbortSignal.any([heart.signal, broken.signal, ...(ending ? [ending] : [])]);
  let cutOff = (): boolean => outer.aborted;
  let published = false;
  const watch = watchStalls(url, leaseMs * STALL, (error) => broken.abort(error));
  try {
    // what a lost attempt at this job left
    if (claim.attempt > 1) await endStrays(queue, { [claim.requester]: url }, strays);
    await within(limits, outer, async (signal) => {
      cutOff = () => signal.aborted;
      async function open(search_path: string, more: Record<string, string>): Promise<pg.Client> {
        const wanted = { requester: claim.requester, url, settings: { search_path, ...more } };
        const session = await kept.take(wanted, signal);
        sessions.push(session);
        watch.add(session);
        await queue.noteBackend(claim, session);
        return session.client;
      }
      const analysis = find(claim.analysis);
      const reading = await open(claim.path, { TimeZone: claim.time_zone });
      const overwrite = claim.params.overwrite === true;
      // what stands under the target's name may have changed since the job was asked for
      await checkTarget(reading, "driveshaft", claim.target, overwrite);
      const source = await querySource(reading, claim.query);
      const staging = stagingName(claim.target);
      const sink = tableSink(
        staging,
        claim.target,
        () => open("pg_catalog,pg_temp", { lock_timeout: "1s" }),
        async (client, summary) => {
          const { target, job } = claim;
          const note = `${summary.analysis} (version ${summary.version}), job ${job}; see cdb_analysis_results()`;
          await place(client, "driveshaft", { staging, target, overwrite, note });
          const values = [claim.job, claim.token, JSON.stringify(summary)];
          await refusing(client.query("SELECT driveshaft.publish($1, $2, $3)", values));
          // nobody can take the job before this transaction has ended, and after it a beat would find it gone
          void heart.stop();
        },
      );
      const job = { analysis, parameters: claim.params, rowLimit: limits.rows, threads, computing };
      await runJob(job, source, sink, heart.report, signal);
    });
    published = true;
    return undefined;
  } catch (error) {
    return { error: plainError(understood(error)), transient: isTransient(error) };
  } finally {
    watch.stop();
    try {
      if (published) await Promise.all(sessions.map((session) => kept.giveBack(session)));
      else {
        // what was cut off may go on there, or refuse to end
        if (cutOff()) await terminate(url, sessions);
        else await Promise.all(sessions.map((session) => kept.dismiss(session)));
        // a published job has no notes
        for (const session of sessions) await queue.forgetBackend(session);
      }
    } catch {
      // a server that cannot be reached ends them itself when it notices; if not, the next worker does, by their notes
    }
  }
}

/** An error of the server, in our terms. */
function understood(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) {
    if (isTransient(error) && !(error instanceof DriveshaftError)) {
      return new DriveshaftError("CONNECTION_FAILED", `the connection broke: ${(error as Error).message}`, {
        cause: error,
      });
    }
    return error;
  }
  if (isTransient(error)) {
    return new DriveshaftError("CONNECTION_FAILED", `the server broke off: ${error.message} (SQLSTATE ${error.code})`, {
      cause: error,
    });
  }
  return new DriveshaftError(
    "WRITE_FAILED",
    `the result cannot be written: ${error.message} (SQLSTATE ${error.code})`,
    {
      hint: error.hint,
      cause: error,
    },
  );
}
