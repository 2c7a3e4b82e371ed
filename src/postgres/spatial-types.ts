import type pg from "pg";
import type { Places } from "../geometry/place.js";
import { shapeOf } from "../geometry/shape.js";
import type { NamedColumn } from "../table/column.js";
import { placesColumns, type Table } from "../table/table.js";

type SpatialType = "geometry" | "geography";

/** A type of PostGIS in a database. */
interface Found {
  name: SpatialType;
  /** As SQL writes it, with its schema. */
  type: string;
  /** Whether the role may. */
  usable: boolean;
}

/**
 * Other types of these names may be anybody's: PostGIS' own belong to the extension, wherever that is. In a session
 * whose search_path is pg_catalog.
 */
const ofPostgis = `
  SELECT t.typname AS name, format('%I.%I', n.nspname, t.typname) AS type,
         has_schema_privilege(n.oid, 'USAGE') AND has_type_privilege(t.oid, 'USAGE') AS usable
    FROM pg_extension e
    JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
    JOIN pg_type t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
    JOIN pg_namespace n ON n.oid = t.typnamespace
   WHERE e.extname = 'postgis' AND t.typname IN ('geometry', 'geography') AND t.typtype = 'b'`;

/**
 * A table with the types that the database has for its places, and warnings of columns for which it has none: these
 * stay bytea.
 */
export async function withSpatialTypes(client: pg.Client, table: Table): Promise<{ table: Table; warnings: string[] }> {
  if (placesColumns(table).length === 0) return { table, warnings: [] };
  const { rows } = await client.query<Found>(ofPostgis);
  const warnings: string[] = [];
  const columns = table.columns.map(({ name, column }): NamedColumn => {
    if (column.type !== "geometry") return { name, column };
    const found = rows.find((type) => type.name === spatialType(column));
    if (found?.usable) return { name, column: typed(column, found.type) };
    const why = found ? `the role may not use the type ${found.type}` : "the database has no PostGIS";
    const srid = column.srid > 0 ? `, of SRID ${column.srid}` : "";
    warnings.push(`the column ${JSON.stringify(name)} is WKB in a bytea${srid}: ${why}`);
    return { name, column };
  });
  return { table: { ...table, columns }, warnings };
}

/** Which type of PostGIS a column is. */
export const spatialType = ({ geography }: Places): SpatialType => (geography ? "geography" : "geometry");

/** A column of a type, narrowed to what is in it. */
export const typed = (column: Places, type: string): Places => ({
  ...column,
  sqlType: `${type}(${shapeOf(column.geometry)},${column.srid})`,
});
