import type pg from "pg";
import type { PlainError } from "../errors.js";
import type { Link } from "./link.js";
import { isTransient } from "./transient.js";

/** What worker and database must agree on; it changes when a function of sql/functions that workers call does. */
export const PROTOCOL = 2;

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

/** A backend of the server: process ids are used again, so its start belongs to it. */
export interface Backend {
  pid: number;
  startedAt: string;
}

/** The functions of sql/functions that a worker may call. */
export interface Queue {
  claim(worker: string, roles: string[], leaseMs: number): Promise<Claim | undefined>;
  beat(claim: Claim, phase: string, share: number, leaseMs: number): Promise<Standing>;
  /** @param retryMs how long the job waits for another attempt; undefined where none would help */
  fail(claim: Claim, error: PlainError, retryMs: number | undefined): Promise<void>;
  noteBackend(claim: Claim, backend: Backend): Promise<void>;
  strayBackends(roles: string[]): Promise<(Backend & { requester: string })[]>;
  forgetBackend(backend: Backend): Promise<void>;
  unserved(roles: string[]): Promise<{ requester: string; jobs: number }[]>;
  sweep(): Promise<void>;
}

export function queue(link: Link): Queue {
  const interval = (ms: number): string => `${ms} milliseconds`;
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
    async claim(worker, roles, leaseMs) {
      const values = [PROTOCOL, worker, roles, interval(leaseMs)];
      return (await call<Claim>("SELECT * FROM driveshaft.claim($1, $2, $3, $4)", values))[0];
    },
    async beat({ job, token }, phase, share, leaseMs) {
      const values = [job, token, phase, share, interval(leaseMs)];
      return (await call<{ beat: Standing }>("SELECT driveshaft.beat($1, $2, $3, $4, $5)", values))[0]!.beat;
    },
    async fail({ job, token }, { code, message, hint }, retryMs) {
      const retry = retryMs === undefined ? null : interval(retryMs);
      await call("SELECT driveshaft.fail($1, $2, $3, $4, $5, $6)", [job, token, code, message, hint, retry]);
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
  };
}
