import { totalmem } from "node:os";
import { constrainedMemory, memoryUsage } from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { DriveshaftError } from "../errors.js";
import { dismissSpares } from "../spare.js";

/** Of memory, in MB. Undefined: as much as it wants, in all what the machine has. */
export interface MemoryLimits {
  /** What a job adds to what the process had when it began. */
  memoryMb?: number | undefined;
  /** What the process has in all. */
  processMb?: number | undefined;
}

/** Share of the machine's memory, or of the container's, that a process may take before it ends its job itself. */
const MACHINE_SHARE = 0.8;

/** Milliseconds between two looks at the memory of the process. */
const LOOK_EVERY = 50;

/**
 * Bytes that a job may leave in the process: a thread with its modules and kernels takes some 90 MB, and to start and
 * compile them anew takes ten times as long as a small job.
 */
const LEFT = 160 * 2 ** 20;

/** Bytes that the process has when all is given back, as far as was seen. */
let resting: number | undefined;

/**
 * Looks at the memory of the process while a job runs in it. The process may hold what others left, so what counts is
 * how much it grows.
 * @param exceeded called when there is too much of it
 * @returns ends the watch, and gives back what a large job left: kept threads with their kernels, and garbage
 */
export function watchMemory(
  { memoryMb = Infinity, processMb = machineMb() }: MemoryLimits,
  exceeded: (error: DriveshaftError) => void,
): () => Promise<void> {
  const before = memoryUsage.rss();
  // what is freed is given back a little later
  resting = Math.min(resting ?? before, before);
  const looking = setInterval(() => {
    const now = memoryUsage.rss();
    const limit = now - before > memoryMb * 2 ** 20 ? memoryMb : now > processMb * 2 ** 20 ? processMb : undefined;
    if (limit === undefined) return;
    const hint = "Use fewer rows or neighbors, give it more with the parameter memory_limit, or use a larger machine.";
    exceeded(
      new DriveshaftError("OUT_OF_MEMORY", `the job took more than ${Math.round(limit)} MB of memory`, { hint }),
    );
  }, LOOK_EVERY);
  return async () => {
    clearInterval(looking);
    if (memoryUsage.rss() - resting! <= LEFT) return;
    await dismissSpares();
    collectGarbage();
    resting = memoryUsage.rss();
  };
}

function machineMb(): number {
  const container = constrainedMemory();
  const bytes = container > 0 ? Math.min(container, totalmem()) : totalmem();
  return (MACHINE_SHARE * bytes) / 2 ** 20;
}

/**
 * Frees what nothing refers to. Left alone, Node does so when it next allocates much, which may be in another's job.
 */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}
