import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { DriveshaftError, plainError, type ErrorCode, type PlainError } from "../errors.js";
import { runJob } from "../job.js";
import { limitsOf, stricter, within } from "../limits.js";
import { querySource } from "../postgres/source.js";
import { tableSink } from "../postgres/sink.js";
import type { Summary } from "../compute/compute.js";
import type { AttemptOptions } from "./attempt.js";
import type { Heart } from "./heart.js";
import type { Claim, Queue } from "./queue.js";
import { connectAs, terminate, type Session } from "./requester.js";
import { isTransient } from "./transient.js";
import { watchStalls } from "./stalls.js";

/** What a claim ended with: nothing where it was published. */
export type Outcome = { error: PlainError; transient: boolean } | undefined;

/** Share of a lease for which a connection may move no bytes before it is looked at. */
const STALL = 1 / 3;

/** Milliseconds for which a table in use is asked for, a short while at a time, before the job gives up. */
const SWAP_WITHIN = 30_000;

/** Milliseconds that the server may take to end a connection. */
const GOODBYE_WITHIN = 2_000;

/**
 * Runs a claimed job: reads and writes on connections of the requester's own, each used once. Whatever becomes of it, no
 * backend is left behind.
 * @param url the requester's connection
 */
export async function runClaim(
  queue: Queue,
  claim: Claim,
  url: string,
  heart: Heart,
  { leaseMs, threads, find, computing, limits: own = {}, signal: ending }: AttemptOptions,
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
    await within(limits, outer, async (signal) => {
      cutOff = () => signal.aborted;
      async function open(search_path: string, more: Record<string, string>): Promise<pg.Client> {
        const session = await connectAs(claim.requester, url, { search_path, ...more }, signal);
        sessions.push(session);
        watch.add(session);
        await queue.noteBackend(claim, session);
        return session.client;
      }
      const analysis = find(claim.analysis);
      const reading = await open(claim.path, { TimeZone: claim.time_zone });
      const overwrite = claim.params.overwrite === true;
      // what stands under the target's name may have changed since the job was asked for
      await refusing(reading.query("SELECT driveshaft.check_target($1, $2)", [claim.target, overwrite]));
      const source = await querySource(reading, claim.query);
      const staging = stagingName(claim.target);
      const sink = tableSink(
        staging,
        claim.target,
        () => open("pg_catalog,pg_temp", { lock_timeout: "1s" }),
        async (client, summary) => {
          await place(client, staging, claim, overwrite, summary);
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
      await endSessions(url, sessions, cutOff());
      // a published job has no notes
      if (!published) for (const session of sessions) await queue.forgetBackend(session);
    } catch {
      // a server that cannot be reached ends them itself when it notices; if not, the next worker does, by their notes
    }
  }
}

/** A name for the table until it takes its place; one of its own, so that no attempt waits for another. */
function stagingName(target: string): string {
  const schema = /^("(?:[^"]|"")*"|[^."]+)\./.exec(target)![1]!;
  return `${schema}.driveshaft_${randomBytes(8).toString("hex")}`;
}

/** Swaps the finished table in. Readers of the old one are waited for a second at a time, so that others need not queue. */
async function place(
  client: pg.Client,
  staging: string,
  { target, job }: Claim,
  overwrite: boolean,
  { analysis, version }: Summary,
): Promise<void> {
  const note = `${analysis} (version ${version}), job ${job}; see cdb_analysis_results()`;
  const until = performance.now() + SWAP_WITHIN;
  for (;;) {
    await client.query("SAVEPOINT swap");
    try {
      await refusing(client.query("SELECT driveshaft.place_table($1, $2, $3, $4)", [staging, target, overwrite, note]));
      return;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== "55P03") throw error;
      if (performance.now() > until) {
        throw new DriveshaftError(
          "TARGET_BUSY",
          `the target ${target} is in use: its lock could not be had in ${SWAP_WITHIN / 1000} s`,
          {
            hint: "End the transactions that read it, then ask again.",
            cause: error,
          },
        );
      }
      await client.query("ROLLBACK TO SAVEPOINT swap");
      await pause(100);
    }
  }
}

/** A call of our functions, with what they refuse in our terms. Only where nothing of a requester's runs: it can raise the same. */
async function refusing(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    if (error.code === "DS001") throw new DriveshaftError("WORKER_LOST", error.message, { cause: error });
    const [, code, message] = (error.code === "DS000" && /^([A-Z_]+): (.*)$/s.exec(error.message)) || [];
    if (message === undefined) throw error;
    throw new DriveshaftError(code as ErrorCode, message, { hint: error.hint, cause: error });
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

/**
 * Ends what is left of a job on the server. What was cut off may go on there, or refuse to end: it is terminated.
 * @throws where they may not have ended
 */
async function endSessions(url: string, sessions: Session[], cutOff: boolean): Promise<void> {
  if (cutOff) await terminate(url, sessions);
  else await Promise.all(sessions.map(({ client }) => ended(client)));
}

/** Says goodbye, without waiting for ever for the answer. */
async function ended(client: pg.Client): Promise<void> {
  const waited = pause(GOODBYE_WITHIN, undefined, { ref: false }).then(() => {
    throw new Error("the server did not end the connection");
  });
  await Promise.race([client.end(), waited]);
}
