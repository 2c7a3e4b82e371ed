import { isWorthThreads } from "../analyses/analysis.js";
import { plainError } from "../errors.js";
import type { Report } from "../job/progress.js";
import { addRows, lineUp, rowsDone, setDone, takeNext, takeNone, takenOf, waitForAll, type Line } from "./line.js";
import { rowsInAll, sizeOf } from "./groups.js";
import { collector, join, type Part } from "./part.js";
import type { Running } from "./group-inputs.js";
import { runGroup } from "./run-group.js";

/** Other threads that take groups too. */
export interface Helpers {
  /** Milliseconds that they take to start: a thread that has longer to go by itself asks for them. */
  start: number;
  /** Lets them join in; returns what takes their parts when all groups are done. */
  join(running: Running, line: Line): () => Part[];
}

/**
 * Runs the analysis in all groups.
 * @throws what is not to do with one group only
 */
export function runGroups(running: Running, report: Report, helpers?: Helpers): Part {
  const { groups, task } = running;
  const line = lineUp(groups);
  const total = Math.max(1, rowsInAll(groups));
  const since = performance.now();
  let theirs: (() => Part[]) | undefined;

  function tell(group: number, share: number): void {
    report("groups", (rowsDone(line) + share * sizeOf(groups, group)) / total);
  }
  function askForHelp(): void {
    const taken = takenOf(line);
    if (!helpers || theirs || taken < large || taken === groups.count) return;
    const spent = performance.now() - since;
    const left = spent * (total / rowsDone(line) - 1);
    // what was done in a quarter of that time tells how long the rest will take
    if (spent >= helpers.start / 4 && left >= helpers.start) theirs = helpers.join(running, line);
  }
  // a group that is worth threads inside the kernel has them to itself; such groups come first
  const permutations = (task.parameters.permutations as number | undefined) ?? 0;
  const large = line.groups.filter((group) => isWorthThreads(sizeOf(groups, group), permutations)).length;

  const own = takeGroups(running, line, tell, askForHelp);
  setDone(line, own.said.length);
  waitForAll(line, () => report("groups", rowsDone(line) / total));
  return join([own, ...(theirs?.() ?? [])]);
}

/** Takes groups and runs them, until none is left. @throws what is not to do with one group only */
export function takeGroups(
  running: Running,
  line: Line,
  tell: (group: number, share: number) => void = () => {},
  afterEach: () => void = () => {},
): Part {
  const { add, fail, part } = collector(running);
  for (let group = takeNext(line); group !== undefined; group = takeNext(line)) {
    const taken = group;
    try {
      add(
        taken,
        runGroup(running, taken, (_, share) => tell(taken, share)),
      );
    } catch (thrown) {
      const error = plainError(thrown);
      if (error.code === "INTERNAL" || error.code === "OUT_OF_MEMORY") {
        takeNone(line);
        throw thrown;
      }
      fail({ group: taken, warnings: [], error });
    }
    addRows(line, sizeOf(running.groups, taken));
    afterEach();
  }
  return part();
}
