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

/** @param heard called with the payload of each notification */
export function linkTo(database: string, leaseMs: number, heard: (payload: string | undefined) => void): Link {
  let current: Promise<pg.Client> | undefined;

  async function open(): Promise<pg.Client> {
    const client = await connect(database, "driveshaft worker", {
      settings: {
        ...plainText,
        tcp_keepalives_idle: "10",
        tcp_keepalives_interval: "5",
        tcp_keepalives_count: "3",
      },
      answerWithinMs: Math.min(ANSWER_WITHIN, leaseMs),
    });
    client.once("end", () => {
      current = undefined;
      heard(undefined);
    });
    client.on("notification", ({ payload }) => heard(payload));
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
