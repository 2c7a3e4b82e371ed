import { setTimeout as pause } from "node:timers/promises";
import type { Claim, Queue } from "../queue/queue.js";

/** Milliseconds for which a job is looked for whose event came before its transaction was committed. */
const APPEARS_WITHIN = 2_000;

/** Milliseconds for which a function waits its turn where the database has no connection left for it. */
const ROOM_WITHIN = 30_000;

/**
 * Claims the job of an event. An event may be ahead of the commit that it tells of; one of a transaction that was
 * rolled back has no job. Where all connections are taken it waits: an event that fails is one more to look after, for
 * a job that will run.
 * @returns nothing where the job does not appear, or is not to be had: another has claimed it, or it has ended
 */
export async function claimSoon(
  jobs: Pick<Queue, "claim" | "jobState">,
  job: string,
  worker: string,
  roles: string[],
  leaseMs: number,
): Promise<Claim | undefined> {
  const begun = performance.now();
  let until: number | undefined;
  for (let seen = false; ;) {
    try {
      const claim = await jobs.claim(worker, roles, leaseMs, job);
      until ??= performance.now() + APPEARS_WITHIN;
      if (claim || seen || performance.now() > until) return claim;
      // what is there now may have been committed after the claim looked: it looks once more
      seen = (await jobs.jobState(job)) !== undefined;
      if (!seen) await pause(100);
    } catch (error) {
      if (!isFull(error) || performance.now() - begun > ROOM_WITHIN) throw error;
      // not all at once
      await pause(200 + 800 * Math.random());
    }
  }
}

/** Whether the server, the database or the role has as many connections as it may. */
function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error as { code?: unknown }).code === "53300" || isFull(error.cause);
}
