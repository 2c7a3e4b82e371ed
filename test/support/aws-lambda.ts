import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type pg from "pg";

/** The program that the stand-in runs: it sends one invocation, and prints the status and the answer. */
const program = `
const [endpoint, name, type, limit, payload] = process.argv.slice(2).map((text) => Buffer.from(text, "base64").toString());
const url = endpoint + "/2015-03-31/functions/" + encodeURIComponent(name) + "/invocations";
const headers = { "x-amz-invocation-type": type };
fetch(url, { method: "POST", headers, body: payload, signal: AbortSignal.timeout(Number(limit)) }).then(
  async (answer) => console.log(JSON.stringify({ status: answer.status, text: await answer.text() })),
  () => console.log(JSON.stringify({ unreachable: true })),
);`;

/**
 * Installs a stand-in for the extension aws_lambda of RDS, with its signatures: it sends a real HTTP request, by COPY
 * FROM PROGRAM, to the endpoint of the setting aws_lambda.endpoint_override, and waits aws_lambda.request_timeout_ms
 * for the answer.
 */
export async function installAwsLambda(admin: pg.Client, endpoint: string): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), "driveshaft-aws-"));
  await chmod(folder, 0o755);
  const script = path.join(folder, "invoke.cjs");
  await writeFile(script, program);
  const { rows } = await admin.query<{ name: string }>("SELECT current_database() AS name");
  await admin.query(`ALTER DATABASE ${rows[0]!.name} SET aws_lambda.endpoint_override = '${endpoint}'`);
  await admin.query(`
    CREATE SCHEMA aws_commons;
    CREATE SCHEMA aws_lambda;
    GRANT USAGE ON SCHEMA aws_commons, aws_lambda TO PUBLIC;
    CREATE TYPE aws_commons._lambda_function_arn_1 AS (function_name text, region text);
    CREATE FUNCTION aws_commons.create_lambda_function_arn(function_name text, region text DEFAULT NULL)
      RETURNS aws_commons._lambda_function_arn_1 LANGUAGE sql AS 'SELECT ROW($1, $2)::aws_commons._lambda_function_arn_1';

    CREATE FUNCTION aws_lambda.send(name text, event text, type text, OUT status integer, OUT answer text)
      LANGUAGE plpgsql SECURITY DEFINER AS $$
    DECLARE
      said jsonb;
      word text;
      command text := '${process.execPath} ${script}';
    BEGIN
      IF type NOT IN ('RequestResponse', 'Event', 'DryRun') THEN
        RAISE EXCEPTION 'invalid invocation type %', type;
      END IF;
      FOREACH word IN ARRAY ARRAY[current_setting('aws_lambda.endpoint_override'), name, type,
                                  coalesce(current_setting('aws_lambda.request_timeout_ms', true), '3000'), event] LOOP
        command := command || ' ' || translate(encode(convert_to(word, 'UTF8'), 'base64'), E'\\n', '');
      END LOOP;
      CREATE TEMP TABLE aws_lambda_answer (line text) ON COMMIT DROP;
      EXECUTE format('COPY pg_temp.aws_lambda_answer FROM PROGRAM %L WITH (FORMAT csv, DELIMITER E''\\x01'', QUOTE E''\\x02'')', command);
      SELECT line::jsonb INTO said FROM pg_temp.aws_lambda_answer;
      DROP TABLE pg_temp.aws_lambda_answer;
      IF said ? 'unreachable' THEN
        RAISE EXCEPTION 'invoke API failed' USING detail = 'AWS Lambda client returned ''Unable to connect to endpoint''.';
      END IF;
      IF (said->>'status')::integer >= 300 THEN
        RAISE EXCEPTION 'invoke API failed' USING detail = format('AWS Lambda client returned status %s: %s', said->>'status', said->>'text');
      END IF;
      status := said->>'status';
      answer := nullif(said->>'text', '');
    END $$;`);
  for (const json of ["json", "jsonb"]) {
    const more = `invocation_type text DEFAULT 'RequestResponse', log_type text DEFAULT 'None', context ${json} DEFAULT NULL,
      qualifier varchar(128) DEFAULT NULL, OUT status_code integer, OUT payload ${json}, OUT executed_version text, OUT log_result text`;
    await admin.query(`
      CREATE FUNCTION aws_lambda.invoke(function_name text, payload ${json}, region text DEFAULT NULL, ${more})
        LANGUAGE sql AS 'SELECT s.status, s.answer::${json}, NULL, NULL FROM aws_lambda.send($1, $2::text, $4) s';
      CREATE FUNCTION aws_lambda.invoke(function_name aws_commons._lambda_function_arn_1, payload ${json}, ${more})
        LANGUAGE sql AS 'SELECT s.status, s.answer::${json}, NULL, NULL FROM aws_lambda.send(($1).function_name, $2::text, $3) s';`);
  }
  return () => rm(folder, { recursive: true });
}
