import type pg from "pg";
import { DriveshaftError } from "../errors.js";
import { connect, type SessionSettings } from "../postgres/connect.js";
import type { Backend } from "./queue.js";

/** A connection of a requester's, and the backend at its other end. */
export interface Session extends Backend {
  client: pg.Client;
}

/** How the server finds out that nobody is at this end any more; and a role that is not set by ALTER ROLE. */
const watchful: SessionSettings = {
  client_connection_check_interval: "1s",
  tcp_keepalives_idle: "10",
  tcp_keepalives_interval: "5",
  tcp_keepalives_count: "3",
};

interface Login {
  current: string;
  session: string;
  pid: number;
  started_at: string;
  /** What a login role may do beyond its requester: own things, be in other roles, hold attributes. */
  beyond: boolean;
}

// every name with its schema: the path is the requester's
const whoAmI = `
  SELECT current_user AS current, session_user AS session, a.pid, a.backend_start::pg_catalog.text AS started_at,
         me.rolsuper OR me.rolcreaterole OR me.rolcreatedb OR me.rolbypassrls OR me.rolreplication
           OR EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE pg_catalog.pg_has_role(me.oid, r.oid, 'MEMBER')
                        AND NOT pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER') AND r.oid OPERATOR(pg_catalog.<>) me.oid)
           OR EXISTS (SELECT FROM pg_catalog.pg_shdepend d WHERE d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_authid'::pg_catalog.regclass
                        AND d.refobjid OPERATOR(pg_catalog.=) me.oid AND d.deptype OPERATOR(pg_catalog.=) 'o') AS beyond
    FROM pg_catalog.pg_stat_activity a, pg_catalog.pg_roles me
   WHERE a.pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid() AND me.rolname OPERATOR(pg_catalog.=) session_user`;

/**
 * A fresh connection that is the requester's, and nobody else's. Where the requester cannot log in, a twin may stand in for
 * it: a login role that is a member of it and is nothing else besides, since hostile SQL can go back to the twin.
 * @throws CONNECTION_FAILED where it is another's
 */
export async function connectAs(
  requester: string,
  url: string,
  settings: SessionSettings,
  signal?: AbortSignal,
): Promise<Session> {
  const twin = loginOf(url) !== undefined && loginOf(url) !== requester;
  // role=none: a plain login, whatever ALTER ROLE ... SET role says
  const role = twin ? requester : "none";
  const client = await connect(url, "driveshaft", { settings: { role, ...watchful, ...settings }, signal });
  try {
    const { rows } = await client.query<Login>(whoAmI);
    const { current, session, pid, started_at: startedAt, beyond } = rows[0]!;
    const hint = "Correct the worker's list of connections.";
    if (current !== requester) {
      const message = `the worker's connection for ${requester} logs in as ${session}`;
      throw new DriveshaftError("CONNECTION_FAILED", message, { hint });
    }
    if (session !== requester && beyond) {
      const message = `the worker's connection for ${requester} logs in as ${session}, which is more than a stand-in for it`;
      throw new DriveshaftError("CONNECTION_FAILED", message, {
        hint: "A twin owns nothing, has no attributes, and is a member of that role only: see docs/security.md.",
      });
    }
    return { client, pid, startedAt };
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/**
 * Ends backends of a requester's. Termination cannot be trapped by SQL, unlike cancellation, and it ends a stalled COPY,
 * which no timeout does. Resolves when they are gone.
 */
export async function terminate(url: string, backends: Backend[]): Promise<void> {
  if (backends.length === 0) return;
  // not in the requester's role: a twin may end what it logged in as
  const client = await connect(url, "driveshaft", {
    settings: { role: "none", search_path: "pg_catalog,pg_temp" },
    answerWithinMs: 10_000,
  });
  try {
    await client.query(
      `SELECT pg_terminate_backend(a.pid, 3000)
         FROM pg_stat_activity a JOIN ROWS FROM (unnest($1::integer[]), unnest($2::timestamptz[])) b (pid, started_at)
           ON a.pid = b.pid AND a.backend_start = b.started_at`,
      [backends.map(({ pid }) => pid), backends.map(({ startedAt }) => startedAt)],
    );
  } finally {
    await client.end().catch(() => {});
  }
}

function loginOf(url: string): string | undefined {
  try {
    return decodeURIComponent(new URL(url).username) || undefined;
  } catch {
    return undefined;
  }
}
