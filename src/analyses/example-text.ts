import { askedOf, type Asked } from "../job/asked.js";
import type { Analysis } from "./analysis.js";
import { parameterSchema } from "./check-parameters.js";

/** The example as SQL. */
export function exampleSql(analysis: Analysis): string {
  const { name, example } = analysis;
  const { rows, tables } = askedBy(analysis);
  const { id: schema } = parameterSchema(analysis).properties!;
  const id = schema?.needed ? ["id"] : [];
  const further = Object.entries(example.tables ?? {}).map(([table, of]) => {
    const asked = tables.find((one) => one.table === table)!;
    return [table, `SELECT ${columnsOf(asked, ["id"]).join(", ")} FROM ${of}`];
  });
  const parameters = jsonText({ ...(Object.fromEntries(further) as object), ...example.parameters });
  return [
    `SELECT cdb_run_analysis('${name}', 'SELECT ${columnsOf(rows, id).join(", ")} FROM ${example.of}',`,
    `                        '${parameters}', '${example.of}_${name}');`,
  ].join("\n");
}

/** The example on files. */
export function exampleCommand({ name, example: { of, parameters, tables } }: Analysis): string {
  const inputs = Object.entries(tables ?? {}).map(([table, file]) => `--input ${table}=${file}.geojson`);
  const command = [
    `driveshaft run ${name} ${of}.geojson`,
    ...inputs,
    `--params '${jsonText(parameters)}'`,
    `--output ${of}_${name}.csv`,
  ];
  return command.join(" ");
}

/** What the parameters of the example ask of its tables. */
function askedBy(analysis: Analysis): ReturnType<typeof askedOf> {
  const { parameters, tables } = analysis.example;
  return askedOf(parameterSchema(analysis).properties!, { ...tables, ...parameters });
}

/** The columns of an example's query: the id, the place, and what else is asked for. */
function columnsOf({ columns }: Asked, id: string[]): string[] {
  const named = columns.filter(({ named }) => named).map(({ names }) => names[0]!);
  const isPair = columns.some(({ parameter, named }) => named && /(^|_)x$/.test(parameter));
  const coordinates = columns.some(({ kind }) => kind === "geometry");
  return [...new Set([...id, ...(coordinates && !isPair ? ["geom"] : []), ...named])];
}

/** JSON in one line, with spaces. */
const jsonText = (value: object): string =>
  JSON.stringify(value, null, 1)
    .replace(/\n\s*/g, " ")
    .replace(/([[{]) /g, "$1")
    .replace(/ ([\]}])/g, "$1");
