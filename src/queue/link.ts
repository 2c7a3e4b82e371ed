import type pg from "pg";
import { connect, hangUp, plainText } from "../postgres/connect.js";

/** A worker's own connection, made anew when it breaks. */
export interface Link {
  /** A live connection. @throws CONNECTION_FAILED */
  client(): Promise<pg.Client>;
  /** Drops the connection at hand: it is known or feared to be dead. */
  drop(): void;
  end(): Promise<void>;
}

/** Milliseconds within which the server answers a worker's short statements, or the connection counts as dead. */
const ANSWER_WITHIN = 10_000;

/**
 * Share of that time after which the server ends a statement itself, so that no backend is left waiting for something.
 */
const STATEMENT_SHARE = 0.8;

/**
 * A worker waits for nobody's locks: what cannot be done now is done later. And it writes, whatever the settings of its
 * role and database say; the server notices soon when nobody is at this end any more.
 */
const settings = {
  lock_timeout: "250ms",
  default_transaction_read_only: "off",
  client_connection_check_interval: "1s",
  tcp_keepalives_idle: "10",
  tcp_keepalives_interval: "5",
  tcp_keepalives_count: "3",
};

/** @param onNotification called with the payload of each notification */
export function linkTo(database: string, leaseMs: number, onNotification: (payload: string | undefined) => void): Link {
  let current: Promise<pg.Client> | undefined;

  const answerWithinMs = Math.min(ANSWER_WITHIN, leaseMs);

  async function open(): Promise<pg.Client> {
    const client = await connect(database, "driveshaft worker", {
      settings: { ...plainText, ...settings, statement_timeout: `${Math.ceil(STATEMENT_SHARE * answerWithinMs)}ms` },
      answerWithinMs,
    });
    client.once("end", () => {
      current = undefined;
      onNotification(undefined);
    });
    client.on("notification", ({ payload }) => onNotification(payload));
    await client.query("LISTEN driveshaft");
    return client;
  }
  return {
    client() {
      current ??= open().catch((error: unknown) => {
        current = undefined;
        throw error;
      });
      return current;
    },
    drop() {
      const dropped = current;
      current = undefined;
      void dropped?.then(hangUp, () => {});
    },
    async end() {
      const last = current;
      current = undefined;
      await last?.then((client) => client.end()).catch(() => {});
    },
  };
}
