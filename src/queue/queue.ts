import type pg from "pg";
import type { PlainError } from "../errors.js";

/** A job in a worker's hands. The token is its only authority over it. */
export interface Claim {
  job: string;
  token: string;
  requester: string;
  analysis: string;
  query: string;
  params: unknown;
  target: string;
  path: string;
  time_zone: string;
  attempt: number;
}

/** What became of the claim: go on, stop because the requester wants it, or because another worker has it. */
export type Standing = "running" | "canceled" | "lost";

/** The functions of sql/functions that a worker may call. */
export interface Queue {
  claim(worker: string, roles: string[], leaseMs: number): Promise<Claim | undefined>;
  beat(claim: Claim, phase: string, share: number, leaseMs: number): Promise<Standing>;
  fail(claim: Claim, error: PlainError): Promise<void>;
}

export function queue(client: pg.Client): Queue {
  const interval = (ms: number): string => `${ms} milliseconds`;
  return {
    async claim(worker, roles, leaseMs) {
      const { rows } = await client.query<Claim>("SELECT * FROM driveshaft.claim($1, $2, $3)", [
        worker,
        roles,
        interval(leaseMs),
      ]);
      return rows[0];
    },
    async beat({ job, token }, phase, share, leaseMs) {
      const { rows } = await client.query<{ beat: Standing }>("SELECT driveshaft.beat($1, $2, $3, $4, $5)", [
        job,
        token,
        phase,
        share,
        interval(leaseMs),
      ]);
      return rows[0]!.beat;
    },
    async fail({ job, token }, { code, message, hint }) {
      await client.query("SELECT driveshaft.fail($1, $2, $3, $4, $5)", [job, token, code, message, hint]);
    },
  };
}
