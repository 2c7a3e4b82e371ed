import pg from "pg";
import { DriveshaftError } from "../errors.js";
import { connect, plainText, type SessionSettings } from "../postgres/connect.js";
import type { Backend } from "./queue.js";

/** A connection of a requester's, and the backend at its other end. */
export interface Session extends Backend {
  client: pg.Client;
  /** The role that logged in. */
  login: string;
}

/**
 * What holds in every session, whatever ALTER ROLE ... SET says: a plain login and plain transactions, limits that the
 * worker enforces, and how the server finds out that nobody is at this end any more.
 */
const always: SessionSettings = {
  ...plainText,
  role: "none",
  statement_timeout: "0",
  lock_timeout: "0",
  idle_in_transaction_session_timeout: "0",
  default_transaction_read_only: "off",
  default_transaction_isolation: "read committed",
  client_connection_check_interval: "1s",
  tcp_keepalives_idle: "10",
  tcp_keepalives_interval: "5",
  tcp_keepalives_count: "3",
};

// every name with its schema: the path is the requester's. The function, since the view joins what is not asked for
const whichBackend = `
  SELECT session_user AS login, a.pid, a.backend_start::pg_catalog.text AS "startedAt"
    FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) a`;

/** Whether the session's login still goes by its name, which may be another role's now, and may still log in. */
const stillLogsIn = `
  SELECT FROM pg_catalog.pg_roles me
   WHERE me.rolname OPERATOR(pg_catalog.=) session_user AND me.rolname OPERATOR(pg_catalog.=) $1 AND me.rolcanlogin
     AND (me.rolvaliduntil IS NULL OR me.rolvaliduntil OPERATOR(pg_catalog.>) pg_catalog.now())
     AND pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CONNECT')`;

interface StandIn {
  /** May work as the requester. */
  member: boolean;
  /**
   * What a login role may do beyond its requester: own things, be in other roles, hold attributes. Large objects do not
   * count: up to PostgreSQL 15 a read-only query can make some as its twin.
   */
  beyond: boolean;
}

const standsInFor = `
  SELECT pg_catalog.pg_has_role(me.oid, asking.oid, 'MEMBER') AS member,
         me.rolsuper OR me.rolcreaterole OR me.rolcreatedb OR me.rolbypassrls OR me.rolreplication
           OR EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE pg_catalog.pg_has_role(me.oid, r.oid, 'MEMBER')
                        AND NOT pg_catalog.pg_has_role(asking.oid, r.oid, 'MEMBER') AND r.oid OPERATOR(pg_catalog.<>) me.oid)
           OR EXISTS (SELECT FROM pg_catalog.pg_shdepend d WHERE d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_authid'::pg_catalog.regclass
                        AND d.refobjid OPERATOR(pg_catalog.=) me.oid AND d.deptype OPERATOR(pg_catalog.=) 'o'
                        AND d.classid OPERATOR(pg_catalog.<>) 'pg_catalog.pg_largeobject'::pg_catalog.regclass) AS beyond
    FROM pg_catalog.pg_roles me, pg_catalog.pg_roles asking
   WHERE asking.rolname OPERATOR(pg_catalog.=) $1 AND me.rolname OPERATOR(pg_catalog.=) session_user`;

/**
 * A fresh connection that is the requester's, and nobody else's. Where the requester cannot log in, a twin may stand in
 * for it: a login role that is a member of it and is nothing else besides, since hostile SQL can go back to the twin.
 * @throws CONNECTION_FAILED where it is another's
 */
export async function connectAs(
  requester: string,
  url: string,
  settings: SessionSettings,
  signal?: AbortSignal,
): Promise<Session> {
  const client = await connect(url, "driveshaft", { settings: { ...always, ...settings }, signal });
  try {
    // a role sees the start of the backends that it logged in to
    const backend = (await client.query<Omit<Session, "client">>(whichBackend)).rows[0]!;
    const session = { client, ...backend };
    await takeRole(session, requester);
    return session;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/**
 * Takes up a session that has waited since a job of its requester's: what is asked at a login is asked again.
 * @throws CONNECTION_FAILED where its login may log in no more, is another role, or may not work as the requester
 */
export async function takeUp(session: Session, requester: string): Promise<void> {
  const { client, login } = session;
  if ((await client.query(stillLogsIn, [login])).rowCount !== 1) {
    throw new DriveshaftError("CONNECTION_FAILED", `${login} may not log in any more`);
  }
  await takeRole(session, requester);
}

/**
 * Makes sure that a session works as the requester.
 * @throws CONNECTION_FAILED where its login is neither it nor its twin
 */
async function takeRole({ client, login: name }: Session, requester: string): Promise<void> {
  if (name === requester) return;
  const [login] = (await client.query<StandIn>(standsInFor, [requester])).rows;
  if (!login?.member) {
    throw new DriveshaftError("CONNECTION_FAILED", `the worker's connection for ${requester} logs in as ${name}`, {
      hint: "Correct the worker's list of connections.",
    });
  }
  if (login.beyond) {
    const message = `the worker's connection for ${requester} logs in as ${name}, which is more than a stand-in for it`;
    throw new DriveshaftError("CONNECTION_FAILED", message, {
      hint: "A twin owns nothing, has no attributes, and is a member of that role only: see docs/security.md.",
    });
  }
  await client.query(`SET ROLE ${pg.escapeIdentifier(requester)}`);
}

/**
 * Ends backends of a requester's. Termination cannot be trapped by SQL, unlike cancellation, and it ends a stalled
 * COPY, which no timeout does. Resolves when they are gone.
 */
export async function terminate(url: string, backends: Backend[]): Promise<void> {
  if (backends.length === 0) return;
  // not in the requester's role: a twin may end what it logged in as
  const client = await connect(url, "driveshaft", {
    settings: { ...plainText, role: "none", search_path: "pg_catalog,pg_temp" },
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
