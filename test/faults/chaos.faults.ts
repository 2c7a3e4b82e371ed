import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { startServer, type Server } from "#dist/demo/server.js";
import { ask } from "../support/jobs.js";
import { assertNothingLeft } from "../support/leftovers.js";
import { generator } from "../support/random.js";
import { createDatabase, createRoles, type TestDatabase } from "../support/server.js";
import { spawnWorker } from "../support/workers.js";

/** How often each harm is done, as a multiple of what stands below: DRIVESHAFT_CHAOS=4 npm run test:faults. */
const MUCH = Number(process.env.DRIVESHAFT_CHAOS ?? 1);
const WORKERS = 3;
/** Seconds after which a silent worker loses its job. */
const LEASE = 1;
/** Jobs that wait or run while harm is done. */
const QUEUED = 6;
const ROWS = 5000;
/** Milliseconds between two harms, at most. */
const SPREAD = 500;
/** Milliseconds that a harm waits after a job was seen past its start, at most. */
const LATER = 1000;

/** What a harm is done to. */
interface Scene {
  db: TestDatabase;
  server: Server;
  crew: Crew;
  random: () => number;
  /** Of the jobs asked for so far. */
  targets: string[];
}

/** Workers, each started again when it ends, as a service manager would. */
interface Crew {
  workers: ChildProcess[];
  dismiss(): void;
}

function hire(db: TestDatabase): Crew {
  const crew: Crew = {
    workers: [],
    dismiss() {
      for (const worker of crew.workers) worker.removeAllListeners("exit").kill("SIGKILL");
    },
  };
  function start(place: number): void {
    crew.workers[place] = spawnWorker(db, { lease: LEASE }).once("exit", () => start(place));
  }
  for (let place = 0; place < WORKERS; place++) start(place);
  return crew;
}

interface Harm {
  title: string;
  times: number;
  /** On a server of its own, since others would suffer too. */
  apart?: boolean;
  /** Says whom it met: what the worker was doing, or what there was to do. */
  harm(scene: Scene): Promise<string>;
}

const anyOf = <Item>(items: Item[], random: () => number): Item | undefined =>
  items[Math.floor(random() * items.length)];

/** Workers at jobs, and what each is doing. */
async function atWork({ db, crew }: Scene): Promise<{ worker: ChildProcess; phase: string }[]> {
  const { rows } = await db.admin.query<{ pid: number; phase: string }>(
    `SELECT split_part(a.worker, ':', 2)::int AS pid, p.phase FROM driveshaft.attempts a JOIN driveshaft.progress p USING (job)
      WHERE a.ended_at IS NULL`,
  );
  return rows.flatMap(({ pid, phase }) => {
    const worker = crew.workers.find((one) => one.pid === pid);
    return worker ? [{ worker, phase }] : [];
  });
}

/**
 * One time in ten any worker, otherwise one that is at work: often a while after a job was seen past its start, at
 * which all would be met else, since a killed worker starts anew.
 */
async function victimOf(scene: Scene): Promise<{ worker: ChildProcess; phase: string }> {
  const { crew, random } = scene;
  if (random() < 0.1) return { worker: anyOf(crew.workers, random)!, phase: "any" };
  if (random() < 0.6) {
    await workersWhere(scene, (phase) => phase !== "starting");
    await pause(LATER * random());
  }
  // afresh: who was seen may have ended its job
  return anyOf(await workersWhere(scene, () => true), random)!;
}

/** Workers that are at work, as soon as one is in a phase that is asked for. */
async function workersWhere(scene: Scene, wanted: (phase: string) => boolean): ReturnType<typeof atWork> {
  for (;;) {
    const working = (await atWork(scene)).filter(({ phase }) => wanted(phase));
    if (working.length > 0) return working;
    await refill(scene);
    await pause(10);
  }
}

const harms: Harm[] = [
  {
    title: "kills of workers",
    times: 100,
    async harm(scene) {
      const { worker, phase } = await victimOf(scene);
      worker.kill("SIGKILL");
      await once(worker, "exit");
      return phase;
    },
  },
  {
    title: "terminations of backends",
    times: 50,
    async harm({ db, random }) {
      const { rows } = await db.admin.query<{ name: string; pid: number }>(
        "SELECT application_name AS name, pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'driveshaft%' ORDER BY pid",
      );
      const victim = anyOf(rows, random);
      if (!victim) return "none";
      await db.admin.query("SELECT pg_terminate_backend($1)", [victim.pid]);
      return victim.name;
    },
  },
  {
    title: "workers frozen for longer than their lease",
    times: 10,
    async harm(scene) {
      const { worker, phase } = await victimOf(scene);
      worker.kill("SIGSTOP");
      await pause(1000 * LEASE * (1.2 + scene.random()));
      worker.kill("SIGCONT");
      return phase;
    },
  },
  {
    title: "immediate restarts of the server",
    times: 3,
    apart: true,
    async harm(scene) {
      await scene.server.restart("SIGQUIT");
      scene.db = await scene.db.reopen();
      return "all";
    },
  },
];

/** @param soon only those that wait for no attempt that is far off, as it is after many */
async function unfinished({ db }: Scene, soon = false): Promise<number> {
  const { rows } = await db.admin.query<{ count: number }>(
    `SELECT count(*)::int FROM driveshaft.jobs
      WHERE state IN ('pending', 'running') AND (NOT $1 OR coalesce(retry_at, '-infinity') < clock_timestamp() + '1 s')`,
    [soon],
  );
  return rows[0]!.count;
}

/** Asks for jobs until there are enough to do harm to; slow ones, so that it meets every phase. */
async function refill(scene: Scene): Promise<void> {
  const params = { value: "v", x: "x", y: "y", include: ["slow"] };
  const query = "SELECT *, CASE WHEN id % 250 = 0 THEN pg_sleep(0.01)::text ELSE 'carried' END AS slow FROM t";
  for (let there = await unfinished(scene, true); there < QUEUED; there++) {
    const target = `result_${scene.targets.length}`;
    scene.targets.push(target);
    await ask(scene.db.analyst, "moran_local", query, params, target);
  }
}

/** Each job was published once, with the same bytes, and nothing else is there. */
async function assertSound(db: TestDatabase, targets: string[]): Promise<number> {
  const { rows: wrong } = await db.admin.query(
    "SELECT state, error_message FROM driveshaft.jobs WHERE state <> 'ready'",
  );
  assert.deepEqual(wrong, []);
  const { rows: counts } = await db.admin.query<{ job: string; ready: number; all: number }>(
    "SELECT job, count(*) FILTER (WHERE error_code IS NULL)::int AS ready, count(*)::int AS all FROM driveshaft.attempts GROUP BY job",
  );
  assert.equal(counts.length, targets.length);
  assert.deepEqual(
    counts.filter(({ ready }) => ready !== 1),
    [],
  );
  const digests = new Set<string>();
  for (const target of targets) {
    const { rows } = await db.analyst.query<{ rows: number; md5: string }>(
      `SELECT count(*)::int AS rows, md5(string_agg(r::text, ',' ORDER BY id)) FROM ${target} r`,
    );
    assert.equal(rows[0]!.rows, ROWS);
    digests.add(rows[0]!.md5);
  }
  assert.equal(digests.size, 1);
  await assertNothingLeft(db.admin);
  return counts.reduce((sum, { all }) => sum + all, 0);
}

for (const { title, times, apart, harm } of harms) {
  const number = Math.ceil(times * MUCH);
  describe(`${number} ${title} at random moments`, () => {
    let server: Server | undefined;
    let scene: Scene;
    before(async () => {
      if (apart) {
        server = await startServer();
        await createRoles(server);
      }
      const db = await createDatabase(server);
      scene = { db, server: server!, crew: hire(db), random: generator(number), targets: [] };
      await db.admin.query("UPDATE driveshaft.limits SET attempts = 10000, queued = 100000");
      await db.analyst.query(
        `CREATE TABLE t AS SELECT g AS id, random() AS x, random() AS y, random() AS v FROM generate_series(1, ${ROWS}) g`,
      );
    });
    after(async () => {
      scene.crew.dismiss();
      await scene.db.close();
      await server?.stop();
    });

    it("leave every job ready exactly once, with the right bytes, and nothing behind", async function () {
      this.timeout(60_000 + 3000 * number);
      const met: Record<string, number> = {};
      for (let i = 0; i < number; i++) {
        await refill(scene);
        await pause(SPREAD * scene.random());
        const whom = await harm(scene);
        met[whom] = (met[whom] ?? 0) + 1;
      }
      // after many attempts a job would wait for minutes
      while ((await unfinished(scene)) > 0) {
        await scene.db.admin.query("UPDATE driveshaft.jobs SET retry_at = NULL WHERE state = 'pending'");
        await pause(100);
      }
      scene.crew.dismiss();
      const attempts = await assertSound(scene.db, scene.targets);
      console.log(`      ${scene.targets.length} jobs, ${attempts} attempts; met: ${JSON.stringify(met)}`);
    });
  });
}
