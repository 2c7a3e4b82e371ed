import pg from "pg";
import { asciiOnly } from "../one-line.js";
import type { ErrorCode, PlainError } from "../errors.js";
import type { Engine } from "../job/engines.js";
import type { Link } from "./link.js";
import { QueueError } from "./queue-error.js";
import { isTransient } from "./transient.js";

/** What worker and database must agree on; it changes when a function of sql/functions that workers call does. */
export const PROTOCOL = 6;

/** A job in a worker's hands. The token is its only authority over it. */
export interface Claim {
  job: string;
  token: string;
  requester: string;
  analysis: string;
  query: string;
  params: Record<string, unknown>;
  /** Of an answer none. */
  target: string | null;
  path: string;
  time_zone: string;
  /** Whoever asked takes the rows, and there is no table. */
  answer: boolean;
  attempt: number;
  /** Limits of the requester's role. */
  seconds: number;
  rows: string;
  memory_mb: number | null;
}

/** What became of the claim: go on, stop because the requester wants it, or because another worker has it. */
export type Standing = "running" | "canceled" | "lost";

/**
 * What became of the report that an attempt failed: noted; it published after all; another has the job; to be made
 * again.
 */
export type Reported = "noted" | "ready" | "lost" | "busy";

/** A job whose function is to be sent an event. */
export interface Due {
  job: string;
  analysis: string;
  requester: string;
}

/** Jobs that wait for functions and might run now. */
export interface QueueDepth {
  pending: number;
  /** Of them those that no function has an event of. */
  unsent: number;
  /** How long the oldest has been waiting, 0 where there is none. */
  oldestSeconds: number;
}

/** How a job stands, and what went wrong where it has failed. */
export interface JobState {
  state: "pending" | "running" | "ready" | "failed" | "canceled";
  error?: PlainError;
}

/** A backend of the server: process ids are used again, so its start belongs to it. */
export interface Backend {
  pid: number;
  startedAt: string;
}

interface JobStateRow {
  state: JobState["state"] | null;
  code: ErrorCode | null;
  message: string;
  hint: string | undefined;
}

/** The functions of sql/functions that a worker may call. */
export interface Queue {
  /** @param wanted a job for a function; without, the oldest for workers */
  claim(worker: string, roles: string[], leaseMs: number, wanted?: string): Promise<Claim | undefined>;
  renewLease(claim: Claim, phase: string, share: number, leaseMs: number): Promise<Standing>;
  /** @param retryMs how long the job waits for another attempt; undefined where none would help */
  fail(claim: Claim, error: PlainError, retryMs: number | undefined): Promise<Reported>;
  noteBackend(claim: Claim, backend: Backend): Promise<void>;
  strayBackends(roles: string[]): Promise<(Backend & { requester: string })[]>;
  forgetBackend(backend: Backend): Promise<void>;
  unserved(roles: string[]): Promise<{ requester: string; jobs: number }[]>;
  sweep(): Promise<void>;
  /** Undefined where there is none, or none yet. */
  jobState(job: string): Promise<JobState | undefined>;
  /**
   * Jobs whose functions are to be sent events.
   * @param most jobs sent or running at a time; undefined: what the installation says
   * @param againMs after which the event of a job that seems lost is sent again; each further time after twice as long
   */
  dispatch(worker: string, engines: readonly Engine[], most: number | undefined, againMs: number): Promise<Due[]>;
  /** @param retryMs how long until the function is told again; undefined where that would not help */
  noteSendFailure(job: string, error: PlainError, retryMs: number | undefined): Promise<void>;
  queueDepth(engines: readonly Engine[]): Promise<QueueDepth>;
}

/** A statement; once more, in ASCII, where the database's encoding lacks a character of its values. */
async function askWith<Row extends pg.QueryResultRow>(
  client: pg.Client,
  text: string,
  values: unknown[],
): Promise<pg.QueryResult<Row>> {
  try {
    return await client.query<Row>(text, values);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== "22P05") throw error;
    return client.query<Row>(
      text,
      values.map((value) => (typeof value === "string" ? asciiOnly(value) : value)),
    );
  }
}

/** The server is a standby now; another answers at the same address, or will. */
const isReadOnly = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === "25006";

export function queue(link: Link): Queue {
  const interval = (ms: number): string => `${ms} milliseconds`;
  const after = (ms: number | undefined): string | null => (ms === undefined ? null : interval(ms));
  let last: Promise<unknown> = Promise.resolve();
  /** One statement after the other: heartbeats come beside what else is asked. */
  function call<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    const rows = last.then(() => callNow<Row>(text, values));
    last = rows.catch(() => {});
    return rows;
  }
  async function callNow<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    try {
      const client = await link.client();
      return (await askWith<Row>(client, text, values)).rows;
    } catch (error) {
      if (isTransient(error) || isReadOnly(error)) link.drop();
      throw new QueueError(error as Error);
    }
  }
  return {
    async claim(worker, roles, leaseMs, wanted) {
      const values = [PROTOCOL, worker, roles, interval(leaseMs), wanted];
      return (await call<Claim>("SELECT * FROM driveshaft.claim($1, $2, $3, $4, $5)", values))[0];
    },
    async renewLease({ job, token }, phase, share, leaseMs) {
      const values = [job, token, phase, share, interval(leaseMs)];
      const text = "SELECT driveshaft.renew_lease($1, $2, $3, $4, $5) AS standing";
      return (await call<{ standing: Standing }>(text, values))[0]!.standing;
    },
    async fail({ job, token }, { code, message, hint }, retryMs) {
      const values = [job, token, code, message, hint, after(retryMs)];
      return (await call<{ fail: Reported }>("SELECT driveshaft.fail($1, $2, $3, $4, $5, $6)", values))[0]!.fail;
    },
    async noteBackend({ job, token }, { pid, startedAt }) {
      await call("SELECT driveshaft.note_backend($1, $2, $3, $4)", [job, token, pid, startedAt]);
    },
    strayBackends: (roles) =>
      call(`SELECT requester, pid, started_at AS "startedAt" FROM driveshaft.stray_backends($1)`, [roles]),
    async forgetBackend({ pid, startedAt }) {
      await call("SELECT driveshaft.forget_backend($1, $2)", [pid, startedAt]);
    },
    unserved: (roles) => call("SELECT requester, jobs::integer FROM driveshaft.unserved($1)", [roles]),
    async sweep() {
      await call("SELECT driveshaft.sweep()", []);
    },
    async jobState(job) {
      const text =
        "SELECT state, error_code AS code, error_message AS message, error_hint AS hint FROM driveshaft.job_state($1)";
      const { state, code, ...more } = (await call<JobStateRow>(text, [job]))[0]!;
      return state === null ? undefined : { state, ...(code !== null && { error: { code, ...more } }) };
    },
    dispatch: (worker, engines, most, againMs) =>
      call("SELECT * FROM driveshaft.dispatch($1, $2, $3, $4, $5)", [
        PROTOCOL,
        worker,
        engines,
        most,
        interval(againMs),
      ]),
    async queueDepth(engines) {
      const text = 'SELECT pending, unsent, oldest_seconds AS "oldestSeconds" FROM driveshaft.queue_depth($1)';
      return (await call<QueueDepth>(text, [engines]))[0]!;
    },
    async noteSendFailure(job, { code, message, hint }, retryMs) {
      await call("SELECT driveshaft.note_send_failure($1, $2, $3, $4, $5)", [job, code, message, hint, after(retryMs)]);
    },
  };
}
