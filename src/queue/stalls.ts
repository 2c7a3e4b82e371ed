import type { Socket } from "node:net";
import type pg from "pg";
import { DriveshaftError } from "../errors.js";
import { connect } from "../postgres/connect.js";
import type { Session } from "./requester.js";

/** Looks after connections that move no bytes. */
export interface StallWatch {
  add(session: Session): void;
  stop(): void;
}

interface Watched extends Session {
  bytes: number;
  movedAt: number;
}

/**
 * A network can fail so that neither end hears of it. A silent connection may also be a query at work. So after a time
 * of silence the server is asked over a fresh connection: is the backend still there, and is it waiting for us, while
 * we wait for it? Then the connection is dead.
 * @param dead called once, with the error to end the job with
 */
export function watchStalls(url: string, stallMs: number, dead: (error: DriveshaftError) => void): StallWatch {
  const watched: Watched[] = [];
  let asking = false;
  const timer = setInterval(() => {
    const now = performance.now();
    for (const session of watched) {
      const bytes = moved(session.client);
      if (bytes !== session.bytes) [session.bytes, session.movedAt] = [bytes, now];
    }
    const silent = watched.filter(({ client, movedAt }) => isBusy(client) && now - movedAt > stallMs);
    if (silent.length === 0 || asking) return;
    asking = true;
    areDead(url, silent)
      .then((any) => {
        if (!any || silent.every(({ client, bytes }) => moved(client) !== bytes)) return;
        dead(
          new DriveshaftError(
            "CONNECTION_FAILED",
            `a connection moved no bytes for ${stallMs / 1000} s, though the server was waiting or gone`,
            {
              cause: new Error("timeout expired"),
            },
          ),
        );
      })
      // the server cannot be asked: no reason to give up what may be going on
      .catch(() => {})
      .finally(() => {
        asking = false;
        for (const session of silent) session.movedAt = performance.now();
      });
  }, stallMs / 4);
  return {
    add(session) {
      watched.push({ ...session, bytes: 0, movedAt: performance.now() });
    },
    stop: () => clearInterval(timer),
  };
}

const socketOf = (client: pg.Client): Socket =>
  (client as unknown as { connection: { stream: Socket } }).connection.stream;

/** Bytes that came, and that the network took. */
function moved(client: pg.Client): number {
  const socket = socketOf(client);
  return socket.bytesRead + socket.bytesWritten - socket.writableLength;
}

/** Whether we wait for an answer. */
function isBusy(client: pg.Client): boolean {
  return (client as unknown as { _getActiveQuery(): unknown })._getActiveQuery() != null;
}

/**
 * Whether a backend is gone, or is waiting for its client, of sessions in which the client is waiting for its backend.
 */
async function areDead(url: string, sessions: Session[]): Promise<boolean> {
  const client = await connect(url, "driveshaft", {
    settings: { role: "none", search_path: "pg_catalog,pg_temp" },
    answerWithinMs: 10_000,
  });
  try {
    const { rows } = await client.query<{ dead: boolean }>(
      `SELECT a.pid IS NULL OR a.wait_event_type = 'Client' AND a.wait_event IN ('ClientRead', 'ClientWrite') AS dead
         FROM ROWS FROM (unnest($1::integer[]), unnest($2::timestamptz[])) b (pid, started_at)
         LEFT JOIN pg_stat_activity a ON a.pid = b.pid AND a.backend_start = b.started_at`,
      [sessions.map(({ pid }) => pid), sessions.map(({ startedAt }) => startedAt)],
    );
    return rows.some((row) => row.dead);
  } finally {
    await client.end().catch(() => {});
  }
}
