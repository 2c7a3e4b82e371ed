import { setTimeout as pause } from "node:timers/promises";
import type { Claim, Queue } from "../queue/queue.js";

/** Milliseconds for which a job is looked for whose event came before its transaction was committed. */
const APPEARS_WITHIN = 2_000;

/**
 * Claims the job of an event. An event may be ahead of the commit that it tells of; one of a transaction that was rolled back
 * has no job.
 * @returns nothing where the job does not appear, or is not to be had: another has claimed it, or it has ended
 */
export async function claimSoon(
  jobs: Pick<Queue, "claim" | "jobState">,
  job: string,
  worker: string,
  roles: string[],
  leaseMs: number,
): Promise<Claim | undefined> {
  const until = performance.now() + APPEARS_WITHIN;
  for (let seen = false; ;) {
    const claim = await jobs.claim(worker, roles, leaseMs, job);
    if (claim || seen || performance.now() > until) return claim;
    // what is there now may have been committed after the claim looked: it looks once more
    seen = (await jobs.jobState(job)) !== undefined;
    if (!seen) await pause(100);
  }
}
