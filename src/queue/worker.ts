import { hostname } from "node:os";
import { DriveshaftError, type PlainError } from "../errors.js";
import { connect } from "../postgres/connect.js";
import { queue, type Claim } from "./queue.js";
import { runClaim } from "./run-claim.js";

export interface WorkerOptions {
  /** The worker's own connection, as the role that `driveshaft install --worker` named. */
  database: string;
  /** A connection for each role whose jobs it runs. */
  connections: Record<string, string>;
  /** How long a job stays with a silent worker, default 30 s. */
  leaseMs?: number;
  /** How often it looks for jobs unasked, default 5 s. */
  pollMs?: number;
  /** Ends the worker after the job at hand. */
  signal?: AbortSignal;
  onStart?(claim: Claim): void;
  onEnd?(claim: Claim, error: PlainError | undefined, ms: number): void;
}

/** Runs jobs one after the other until told to stop. A notification wakes it; the poll finds what no one told of. */
export async function work(options: WorkerOptions): Promise<void> {
  const { database, connections, leaseMs = 30_000, pollMs = 5_000, signal, onStart, onEnd } = options;
  const roles = Object.keys(connections);
  if (roles.length === 0) {
    throw new DriveshaftError("INVALID_PARAMETER", "the worker has no connections, so it can run nobody's jobs", {
      hint: 'Give a connection for each role: {"analyst": "postgres://analyst@host/name"}.',
    });
  }
  const client = await connect(database, "driveshaft worker");
  try {
    const jobs = queue(client);
    const name = `${hostname()}:${process.pid}`;
    const bell = doorbell(signal);
    client.on("notification", bell.ring);
    let alive = true;
    client.once("end", () => {
      alive = false;
      bell.ring();
    });
    await client.query("LISTEN driveshaft").catch(() => {});
    while (!signal?.aborted) {
      if (!alive)
        throw new DriveshaftError("CONNECTION_FAILED", "the worker's connection to the database broke", {
          hint: "Start the worker again.",
        });
      const claim = await jobs.claim(name, roles, leaseMs).catch((error: unknown) => {
        throw notInstalled(error);
      });
      if (!claim) {
        await bell.wait(pollMs);
        continue;
      }
      onStart?.(claim);
      const since = performance.now();
      const error = await runClaim(jobs, claim, connections[claim.requester]!, leaseMs);
      onEnd?.(claim, error, performance.now() - since);
    }
  } finally {
    await client.end().catch(() => {});
  }
}

/** Something to wait at until it rings. A ring while nobody waits is kept. */
function doorbell(signal: AbortSignal | undefined): { ring(): void; wait(ms: number): Promise<void> } {
  let rung = false;
  let wake = (): void => {};
  function ring(): void {
    rung = true;
    wake();
  }
  signal?.addEventListener("abort", ring);
  return {
    ring,
    async wait(ms) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      rung = false;
    },
  };
}

function notInstalled(error: unknown): unknown {
  const { code } = error as { code?: string };
  if (code === "3F000" || code === "42883") {
    return new DriveshaftError("NOT_INSTALLED", "the database has no Driveshaft, or another version of it", {
      hint: "Run driveshaft install.",
      cause: error,
    });
  }
  if (code === "42501") {
    return new DriveshaftError("NOT_INSTALLED", "the worker's role may not claim jobs", {
      hint: "Run driveshaft install --worker ROLE.",
      cause: error,
    });
  }
  return error;
}
