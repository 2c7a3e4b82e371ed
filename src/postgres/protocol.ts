import type pg from "pg";
import type { Socket } from "node:net";

/**
 * What we send by PostgreSQL's extended protocol where the client library would use the simple one. In the extended
 * protocol one message holds one statement, so a query from a requester cannot end the COPY around it and go on.
 */

interface Connection {
  stream: Socket;
  parse(query: { text: string; types: number[] }): void;
  describe(message: { type: "S" | "P"; name: string }): void;
  bind(config: object): void;
  execute(config: object): void;
  flush(): void;
  sync(): void;
  sendCopyFromChunk(chunk: Uint8Array): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

export interface Field {
  name: string;
  dataTypeID: number;
  dataTypeModifier: number;
}

/** The calls that the client library makes on a query it runs; those not given are ignored. */
interface Handlers {
  handleRowDescription?(message: { fields: Field[] }): void;
  handleCopyInResponse?(connection: Connection): void;
  handleCopyData?(message: { chunk: Buffer }): void;
  /** The server reported an error; it waits for Sync. */
  failed?(): void;
}

function submit(
  client: pg.Client,
  send: (connection: Connection) => void,
  { failed, ...handlers }: Handlers,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const ignore = (): void => {};
    const end = (): void => reject(new Error("the connection was closed"));
    const query = {
      submit: send,
      handleRowDescription: ignore,
      handleDataRow: ignore,
      handlePortalSuspended: ignore,
      handleEmptyQuery: ignore,
      handleCommandComplete: ignore,
      handleCopyInResponse: ignore,
      handleCopyData: ignore,
      ...handlers,
      // the client library calls one of these two, and then no more
      handleError(error: Error) {
        client.off("end", end);
        failed?.();
        reject(error);
      },
      handleReadyForQuery() {
        client.off("end", end);
        resolve();
      },
    };
    client.once("end", end);
    client.query(query as unknown as pg.Submittable);
  });
}

/** The columns of a query, without running it. Undefined if it returns no rows. */
export async function describe(client: pg.Client, text: string): Promise<Field[] | undefined> {
  let fields: Field[] | undefined;
  await submit(
    client,
    (connection) => {
      connection.parse({ text, types: [] });
      connection.describe({ type: "S", name: "" });
      connection.sync();
    },
    {
      handleRowDescription(message) {
        fields = message.fields;
      },
    },
  );
  return fields;
}

/** Runs a COPY ... TO STDOUT; `take` gets the bytes as they come and keeps none of them. */
export async function copyOut(client: pg.Client, text: string, take: (chunk: Buffer) => void): Promise<void> {
  let failure: unknown;
  await submit(
    client,
    (connection) => {
      connection.parse({ text, types: [] });
      connection.bind({});
      connection.execute({});
      connection.sync();
    },
    {
      handleCopyData({ chunk }) {
        if (failure !== undefined) return;
        try {
          take(chunk);
        } catch (error) {
          failure = error;
          // nobody wants the rest
          (client as unknown as { connection: Connection }).connection.stream.destroy();
        }
      },
    },
  ).catch((error: unknown) => {
    throw failure ?? error;
  });
}

/** Runs a COPY ... FROM STDIN with the chunks, no faster than the server takes them. */
export function copyIn(client: pg.Client, text: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const { connection } = client as unknown as { connection: Connection };
  let synced = false;
  // Sync comes once, after the data: before it, the server would read it as part of the COPY
  function sync(): void {
    if (!synced) connection.sync();
    synced = true;
  }
  async function send(): Promise<void> {
    for (const chunk of chunks) {
      if (synced || connection.stream.destroyed) return;
      connection.sendCopyFromChunk(chunk);
      if (connection.stream.writableNeedDrain) await drained(connection.stream);
    }
    connection.endCopyFrom();
    sync();
  }
  return submit(
    client,
    () => {
      connection.parse({ text, types: [] });
      connection.bind({});
      connection.execute({});
      connection.flush();
    },
    {
      handleCopyInResponse() {
        send().catch((error: unknown) => {
          connection.sendCopyFail((error as Error).message);
          sync();
        });
      },
      failed: sync,
    },
  );
}

function drained(stream: Socket): Promise<void> {
  return new Promise((resolve) => {
    function done(): void {
      stream.off("drain", done).off("close", done);
      resolve();
    }
    stream.on("drain", done).on("close", done);
  });
}
