import type pg from "pg";

export interface Status {
  id: string;
  state: string;
  phase: string | null;
  progress: number;
  target: string;
  error_code: string | null;
  error_message: string | null;
  error_hint: string | null;
  summary: { rows: { read: number; used: number; undefined: number }; warnings: string[]; [key: string]: unknown };
}

export async function ask(
  client: pg.Client,
  analysis: string,
  query: string,
  params: object,
  target?: string,
): Promise<string> {
  const { rows } = await client.query<{ job: string }>("SELECT cdb_run_analysis($1, $2, $3, $4) AS job", [
    analysis,
    query,
    JSON.stringify(params),
    target,
  ]);
  return rows[0]!.job;
}

export async function status(client: pg.Client, job: string): Promise<Status> {
  const { rows } = await client.query<Status>("SELECT * FROM cdb_analysis_status($1)", [job]);
  return rows[0]!;
}

/** Waits until a job has come to a state that is asked for; one that has ended otherwise never will. */
export async function until(client: pg.Client, job: string, wanted: (status: Status) => boolean): Promise<Status> {
  for (;;) {
    const now = await status(client, job);
    if (wanted(now)) return now;
    if (ended(now)) throw new Error(`the job is ${now.state} already: ${now.error_message}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const ended = ({ state }: Status): boolean => ["ready", "failed", "canceled"].includes(state);

/** Asks and waits for the end. */
export async function run(
  client: pg.Client,
  analysis: string,
  query: string,
  params: object,
  target?: string,
): Promise<Status> {
  return until(client, await ask(client, analysis, query, params, target), ended);
}
