import type pg from "pg";
import { analyses } from "../analyses/index.js";
import { parameterSchema } from "../analyses/check-parameters.js";
import { coefficients } from "../estimate/coefficients.js";
import { prices } from "../estimate/estimate.js";
import { expectedTypes } from "../job/choose-columns.js";
import { sizes } from "../analyses/sizes.js";
import { columnKinds } from "../postgres/types.js";
import { writeSetting } from "./settings.js";

/** Writes what requests are checked against, and estimates made of, from the declarations of the analyses. */
export async function writeCatalogue(client: pg.Client): Promise<void> {
  await client.query("DELETE FROM driveshaft.analyses");
  for (const analysis of analyses) {
    await client.query("INSERT INTO driveshaft.analyses VALUES ($1, $2, $3, $4, $5, $6)", [
      analysis.name,
      analysis.title,
      analysis.description,
      analysis.version,
      JSON.stringify(parameterSchema(analysis)),
      JSON.stringify(analysis.columns),
    ]);
  }
  const estimates = analyses.map(({ name, size }) => [name, { ...coefficients[name], ...sizes[size], ...prices }]);
  await writeSetting(client, "estimates", Object.fromEntries(estimates));
  await writeSetting(client, "column_kinds", { ...columnKinds, expected: expectedTypes });
}
