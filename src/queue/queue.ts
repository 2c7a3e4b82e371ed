import type pg from "pg";
import type { ErrorCode, PlainError } from "../errors.js";
import type { Engine } from "../engines.js";
import type { Link } from "./link.js";
import { isTransient } from "./transient.js";

/** What worker and database must agree on; it changes when a function of sql/functions that workers call does. */
export const PROTOCOL = 3;

/** A job in a worker's hands. The token is its only authority over it. */
export interface Claim {
  job: string;
  token: string;
  requester: string;
  analysis: string;
  query: string;
  params: Record<string, unknown>;
  target: string;
  path: string;
  time_zone: string;
  attempt: number;
  /** Limits of the requester's role. */
  seconds: number;
  rows: string;
  memory_mb: number | null;
}

/** What became of the claim: go on, stop because the requester wants it, or because another worker has it. */
export type Standing = "running" | "canceled" | "lost";

/** A job whose function is to be told of it. */
export interface Due {
  job: string;
  analysis: string;
  requester: string;
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
  beat(claim: Claim, phase: string, share: number, leaseMs: number): Promise<Standing>;
  /** @param retryMs how long the job waits for another attempt; undefined where none would help */
  fail(claim: Claim, error: PlainError, retryMs: number | undefined): Promise<void>;
  noteBackend(claim: Claim, backend: Backend): Promise<void>;
  strayBackends(roles: string[]): Promise<(Backend & { requester: string })[]>;
  forgetBackend(backend: Backend): Promise<void>;
  unserved(roles: string[]): Promise<{ requester: string; jobs: number }[]>;
  sweep(): Promise<void>;
  /** Undefined where there is none, or none yet. */
  jobState(job: string): Promise<JobState | undefined>;
  /**
   * Jobs whose functions are to be told of them.
   * @param most jobs told of or running at a time
   * @param againMs after which a job that no function has claimed is told of again
   */
  dispatch(worker: string, engines: readonly Engine[], most: number, againMs: number): Promise<Due[]>;
  /** @param retryMs how long until the function is told again; undefined where that would not help */
  unsent(job: string, error: PlainError, retryMs: number | undefined): Promise<void>;
}

export function queue(link: Link): Queue {
  const interval = (ms: number): string => `${ms} milliseconds`;
  const after = (ms: number | undefined): string | null => (ms === undefined ? null : interval(ms));
  async function call<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    try {
      const client = await link.client();
      return (await client.query<Row>(text, values)).rows;
    } catch (error) {
      if (isTransient(error)) link.drop();
      throw error;
    }
  }
  return {
    async claim(worker, roles, leaseMs, wanted) {
      const values = [PROTOCOL, worker, roles, interval(leaseMs), wanted];
      return (await call<Claim>("SELECT * FROM driveshaft.claim($1, $2, $3, $4, $5)", values))[0];
    },
    async beat({ job, token }, phase, share, leaseMs) {
      const values = [job, token, phase, share, interval(leaseMs)];
      return (await call<{ beat: Standing }>("SELECT driveshaft.beat($1, $2, $3, $4, $5)", values))[0]!.beat;
    },
    async fail({ job, token }, { code, message, hint }, retryMs) {
      await call("SELECT driveshaft.fail($1, $2, $3, $4, $5, $6)", [job, token, code, message, hint, after(retryMs)]);
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
    async unsent(job, { code, message, hint }, retryMs) {
      await call("SELECT driveshaft.unsent($1, $2, $3, $4, $5)", [job, code, message, hint, after(retryMs)]);
    },
  };
}
