import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { roles, type TestDatabase } from "./server.js";

/** The command line's entry. */
export const cli = fileURLToPath(import.meta.resolve("#dist/cli/main.js"));

const alive = new Set<ChildProcess>();
// those that a failed test has left would hold this process's output open after its end
process.once("exit", () => alive.forEach((worker) => worker.kill("SIGKILL")));

/**
 * A worker for the analyst's jobs in a process of its own, which can be killed.
 * @param log where it writes its log, default nowhere
 */
export function spawnWorker(
  db: Pick<TestDatabase, "url">,
  {
    lease,
    log = "ignore",
    requesters = [roles.analyst],
  }: { lease: number; log?: "ignore" | "pipe" | number; requesters?: string[] },
): ChildProcess {
  const worker = spawn(process.execPath, [cli, "worker", "--lease", String(lease), "--poll", "0.5", "--retry", "0.1"], {
    env: {
      ...process.env,
      DATABASE_URL: db.url(roles.worker),
      DRIVESHAFT_CONNECTIONS: JSON.stringify(Object.fromEntries(requesters.map((role) => [role, db.url(role)]))),
    },
    stdio: ["ignore", log, "inherit"],
  });
  alive.add(worker);
  return worker.once("exit", () => alive.delete(worker));
}
