/** Writes the synopses and tables of docs/analyses/ anew from the declarations. */
import { readFile, writeFile } from "node:fs/promises";
import { genericName } from "../dist/analyses/analysis.js";
import { analyses } from "../dist/analyses/index.js";
import { parameterSchema } from "../dist/analyses/check-parameters.js";
import { jobParameters } from "../dist/analyses/parameters.js";
import { exampleCommand, exampleSql } from "../dist/analyses/example-text.js";
import { describeParameter } from "../dist/cli/analyses.js";
import { replaceTable } from "./replace-table.mjs";

for (const analysis of analyses) {
  const file = new URL(`../docs/analyses/${analysis.name}.md`, import.meta.url);
  const schema = parameterSchema(analysis);
  const parameters = Object.entries(schema.properties)
    .filter(([name]) => !(name in jobParameters) && !["by", "include"].includes(name))
    .map(([name, property]) => {
      const text = describeParameter(property, schema.required?.includes(name) ?? false).replaceAll("|", "\\|");
      return `| \`${name}\` | ${text} |`;
    });
  const columns = analysis.columns.map(
    (column) => `| \`${genericName(column)}\` | ${column.type} | ${column.description} |`,
  );
  let page = await readFile(file, "utf8");
  page = replaceBlock(page, "sql", exampleSql(analysis));
  page = replaceBlock(page, "sh", exampleCommand(analysis));
  page = replaceTable(page, "Arguments", ["| parameter | meaning |", "|---|---|", ...parameters]);
  page = replaceTable(page, "Result", ["| column | type | meaning |", "|---|---|---|", ...columns]);
  await writeFile(file, page);
}

/** Replaces the first block of code in a language. */
function replaceBlock(page, language, code) {
  const opening = `\n\`\`\`${language}\n`;
  const begin = page.indexOf(opening) + opening.length;
  if (begin < opening.length) throw new Error(`no block of ${language}`);
  return page.slice(0, begin) + code + page.slice(page.indexOf("\n```\n", begin - 1));
}
