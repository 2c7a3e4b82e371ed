import pg from "pg";
import type { Summary } from "../compute/summary.js";
import { DriveshaftError } from "../errors.js";
import type { Sink } from "../job/job.js";
import { createTable } from "./create-table.js";
import { encode } from "./encode.js";
import type { Table } from "../table/table.js";
import { copyIn } from "./protocol.js";
import { withSpatialTypes } from "./spatial-types.js";

/**
 * A new table as a sink: created, filled and given its primary key in one transaction, which `finish` may join as its
 * last step. A crash at any moment leaves nothing behind.
 * @param name of the new table, as the server quotes it
 * @param target the name that messages show, where the table gets another by `finish`
 * @param open a connection that runs no requester's query; whoever opens it ends it
 */
export function tableSink(
  name: string,
  target: string,
  open: () => Promise<pg.Client>,
  finish: (client: pg.Client, summary: Summary) => Promise<void> = () => Promise.resolve(),
): Sink {
  return {
    async write(result, summary, progress) {
      const client = await open();
      try {
        const { table, warnings } = await withSpatialTypes(client, result);
        // one message; all names in it are quoted
        await client.query(`BEGIN; ${createTable(name, table)}`);
        await copyIn(client, `COPY ${name} FROM STDIN (FORMAT binary, FREEZE)`, encode(table, progress));
        if (table.key.length > 0) warnings.push(...(await addKey(client, name, table)));
        await finish(client, { ...summary, warnings: [...summary.warnings, ...warnings] });
        await client.query("COMMIT");
        return warnings;
      } catch (error) {
        throw targetError(target, error);
      }
    },
  };
}

/** What the server says of values of any type that make no key: too long, without an order, or equal for it. */
const NO_KEY = ["54000", "42704", "23505"];

/** Gives a table its primary key; returns a warning where values of groups make none. @throws DUPLICATE_ID */
async function addKey(client: pg.Client, name: string, { key, isKeyOfGroups }: Table): Promise<string[]> {
  const columns = key.map((column) => pg.escapeIdentifier(column)).join(", ");
  if (isKeyOfGroups) await client.query("SAVEPOINT key");
  try {
    await client.query(`ALTER TABLE ${name} ADD PRIMARY KEY (${columns})`);
    return [];
  } catch (error) {
    if (!isKeyOfGroups || !(error instanceof pg.DatabaseError) || !NO_KEY.includes(error.code!)) throw keyError(error);
    await client.query("ROLLBACK TO key");
    return [`the result has no primary key: ${error.message}`];
  }
}

/** An error of adding the key. */
function keyError(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError) || error.code !== "23505" || error.schema === "pg_catalog") return error;
  return new DriveshaftError("DUPLICATE_ID", `ids must be unique: ${error.detail ?? error.message}`, {
    hint: "Name a unique column with the parameter id, or remove the repetition in the query.",
    cause: error,
  });
}

function taken(target: string, cause: pg.DatabaseError): DriveshaftError {
  return new DriveshaftError("TARGET_EXISTS", `the target ${target} exists already`, {
    hint: "Name another target, or drop it first.",
    cause,
  });
}

function targetError(target: string, error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  switch (error.code) {
    case "42P07":
      return taken(target, error);
    case "42501":
    case "3F000":
      return new DriveshaftError("TARGET_INVALID", `the target ${target} cannot be created: ${error.message}`, {
        hint: "Name a target in a schema where the requester may create tables.",
        cause: error,
      });
    case "42P16":
    case "42704":
      return new DriveshaftError("WRONG_COLUMN_TYPE", `a column cannot be one of the result: ${error.message}`, {
        hint: "Cast it in the query; ids need a type that can be a primary key.",
        cause: error,
      });
    case "23505":
      // the name is taken by a transaction that ended meanwhile; or an index passes on from the table that is replaced
      if (error.schema === "pg_catalog") return taken(target, error);
      if (error.schema === "driveshaft") return error;
      return new DriveshaftError(
        "TARGET_IN_USE",
        `the target ${target} cannot be replaced: the rows break its unique index ${error.constraint}: ${error.detail ?? error.message}`,
        { hint: "Drop the index first, or name another target.", cause: error },
      );
    case "2BP01":
      return new DriveshaftError("TARGET_IN_USE", `the target ${target} cannot be replaced: ${error.message}`, {
        hint: "Drop what depends on it first, or name another target.",
        cause: error,
      });
    default:
      return error;
  }
}
