import pg from "pg";
import { DriveshaftError } from "../errors.js";
import type { Carto } from "./client.js";

/** A table of an account's: its schema, which is the user's name in an organization, and its name. */
export interface CartoTarget {
  schema: string;
  name: string;
}

/** How the comment of a result begins; it ends with the name under which the table was filled. */
export const RESULT = "Result of Driveshaft: ";

export const quoted = ({ schema, name }: CartoTarget): string =>
  `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;

/** Names that all of CARTO can use: it writes them without quotes. */
const usable = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * Where the target is, checked before anything is computed.
 * @param overwrite whether a result of ours may stand there
 * @throws TARGET_INVALID, TARGET_EXISTS
 */
export async function cartoTarget(carto: Carto, target: string, overwrite: boolean): Promise<CartoTarget> {
  const shown = JSON.stringify(target);
  const { rows } = await carto
    .sql(
      `SELECT parts, schema, to_regnamespace(quote_ident(schema)) IS NOT NULL AS there,
              coalesce(has_schema_privilege(to_regnamespace(quote_ident(schema))::oid, 'CREATE'), false) AS open,
              to_regclass(name) IS NOT NULL AS taken, obj_description(to_regclass(name), 'pg_class') AS remark
         FROM (SELECT parts, CASE WHEN cardinality(parts) > 1 THEN parts[1] ELSE current_schema() END AS schema,
                      (SELECT string_agg(quote_ident(part), '.') FROM unnest(parts) part) AS name
                 FROM (SELECT parse_ident(${pg.escapeLiteral(target)}) AS parts) p) named`,
    )
    .catch((error: unknown) => {
      if (!(error instanceof DriveshaftError) || error.code !== "QUERY_FAILED") throw error;
      throw new DriveshaftError("TARGET_INVALID", `the target ${shown} is not a table name`, { cause: error });
    });
  const { parts, schema, there, open, taken, remark } = rows[0] as {
    parts: string[];
    schema: string;
    there: boolean;
    open: boolean;
    taken: boolean;
    remark: string | null;
  };
  const name = parts.at(-1)!;
  if (parts.length > 2) throw new DriveshaftError("TARGET_INVALID", `the target ${shown} is not a table name`);
  if (!usable.test(name)) {
    throw new DriveshaftError("TARGET_INVALID", `the target ${shown} is not a name that CARTO can use`, {
      hint: "Use lower-case letters, digits and underscores, 63 at most.",
    });
  }
  if (!there || !open) {
    throw new DriveshaftError(
      "TARGET_INVALID",
      there ? `the key may not create tables in the schema ${schema}` : `there is no schema ${schema}`,
      { hint: "Name a target without a schema, and give a key that may create tables." },
    );
  }
  if (taken && !(overwrite && remark?.startsWith(RESULT))) {
    throw new DriveshaftError(
      "TARGET_EXISTS",
      overwrite
        ? `the target ${target} exists already and is no result of Driveshaft`
        : `the target ${target} exists already`,
      { hint: 'Name another target, drop it first, or give "overwrite": true to replace a result of your own.' },
    );
  }
  return { schema, name };
}
