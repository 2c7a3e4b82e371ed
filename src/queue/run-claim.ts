import type pg from "pg";
import { DriveshaftError, plainError, type PlainError } from "../errors.js";
import { runJob } from "../job.js";
import { connect, type SessionSettings } from "../postgres/connect.js";
import { querySource } from "../postgres/source.js";
import { tableSink } from "../postgres/sink.js";
import type { Claim, Queue } from "./queue.js";

/** Milliseconds between two notes of progress, at least. */
const NOTE_EVERY = 200;

/** Milliseconds after which a beat is due though there is no progress: how long a cancellation waits at most. */
const BEAT_EVERY = 1000;

/**
 * Runs a claimed job to its end: ready, failed or canceled. The lease is renewed and progress noted while it runs; when
 * the job is canceled or lost, everything under way is cut off. Returns the error it ended with, if any.
 * @param url the requester's own connection
 */
export async function runClaim(
  queue: Queue,
  claim: Claim,
  url: string,
  leaseMs: number,
): Promise<PlainError | undefined> {
  const stop = new AbortController();
  let phase = "starting";
  let share = 0;
  let noted = "";
  let beating: Promise<void> | undefined;
  let last = performance.now();

  async function beat(): Promise<void> {
    last = performance.now();
    noted = `${phase} ${share}`;
    const standing = await queue.beat(claim, phase, share, leaseMs);
    if (standing === "canceled") stop.abort(new DriveshaftError("CANCELED", "the job was canceled"));
    if (standing === "lost") stop.abort(new DriveshaftError("WORKER_LOST", "another worker has taken the job"));
  }
  const timer = setInterval(
    () => {
      const due = performance.now() - last > Math.min(BEAT_EVERY, leaseMs / 3) || noted !== `${phase} ${share}`;
      if (!due || beating) return;
      // a beat that fails is tried again at the next tick; if all do, the lease runs out and another worker takes over
      beating = beat()
        .catch(() => {})
        .finally(() => (beating = undefined));
    },
    Math.min(NOTE_EVERY, leaseMs / 6),
  );

  // the requester's own session, whatever ALTER ROLE says: plain role, own path and time zone
  const settings: SessionSettings = {
    role: "none",
    search_path: claim.path,
    TimeZone: claim.time_zone,
    client_connection_check_interval: "1s",
  };
  let reading: pg.Client | undefined;
  try {
    reading = await connectAs(claim.requester, url, settings);
    const source = await querySource(reading, claim.query);
    const sink = tableSink(
      claim.target,
      () => connectAs(claim.requester, url, { role: "none", search_path: "pg_catalog,pg_temp", lock_timeout: "5s" }),
      async (client, summary) => {
        await client.query("SELECT driveshaft.publish($1, $2, $3)", [claim.job, claim.token, JSON.stringify(summary)]);
      },
    );
    const job = { analysis: claim.analysis, parameters: claim.params };
    await runJob(job, source, sink, (now, part) => ([phase, share] = [now, part]), stop.signal);
    return undefined;
  } catch (error) {
    const failure = plainError(error);
    // nothing happens where the table was published after all: the job is ready then
    await queue.fail(claim, failure);
    return failure;
  } finally {
    clearInterval(timer);
    await beating;
    await reading?.end().catch(() => {});
  }
}

/** A fresh connection that is the requester's, and nobody else's. */
async function connectAs(requester: string, url: string, settings: SessionSettings): Promise<pg.Client> {
  const client = await connect(url, "driveshaft", settings);
  const { rows } = await client.query<{ current: string; session: string }>(
    "SELECT current_user AS current, session_user AS session",
  );
  if (rows[0]!.current === requester) return client;
  await client.end();
  throw new DriveshaftError(
    "CONNECTION_FAILED",
    `the worker's connection for ${requester} logs in as ${rows[0]!.session}`,
    {
      hint: "Correct the worker's list of connections.",
    },
  );
}
