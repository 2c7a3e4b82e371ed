import type pg from "pg";
import { DriveshaftError } from "../errors.js";

/** @param functions the ARN of the function of each analysis. @throws INVALID_PARAMETER */
export async function writeFunctions(client: pg.Client, functions: Record<string, string>): Promise<void> {
  await client.query("DELETE FROM driveshaft.functions");
  for (const [analysis, arn] of Object.entries(functions)) {
    if (!/^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/.test(arn)) {
      throw new DriveshaftError("INVALID_PARAMETER", `the function of ${analysis} is ${JSON.stringify(arn)}`, {
        hint: "Expected its ARN, arn:aws:lambda:REGION:ACCOUNT:function:NAME.",
      });
    }
    await client.query("INSERT INTO driveshaft.functions VALUES ($1, $2)", [analysis, arn]);
  }
}

/**
 * Makes sure of what the engine aws_lambda needs: a function for each analysis, and the extension that invokes it.
 * @throws INVALID_PARAMETER
 */
export async function checkEngines(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ wanted: boolean; missing: string | null; invoke: boolean }>(
    `SELECT value ? 'aws_lambda' AS wanted,
            (SELECT string_agg(name, ', ') FROM driveshaft.analyses
              WHERE name NOT IN (SELECT analysis FROM driveshaft.functions)) AS missing,
            EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                     WHERE n.nspname = 'aws_lambda' AND p.proname = 'invoke') AS invoke
       FROM driveshaft.settings WHERE name = 'engines'`,
  );
  const { wanted, missing, invoke } = rows[0]!;
  if (wanted && !invoke) {
    throw new DriveshaftError("INVALID_PARAMETER", "the engine aws_lambda needs the extension of this name", {
      hint:
        "On Amazon RDS and Aurora: CREATE EXTENSION aws_lambda CASCADE. Elsewhere use the engine lambda, with " +
        "driveshaft worker --engine lambda.",
    });
  }
  if (wanted && missing) {
    throw new DriveshaftError("INVALID_PARAMETER", `the engine aws_lambda has no functions for ${missing}`, {
      hint: "Name them with --functions.",
    });
  }
}
