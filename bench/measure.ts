import { limitOf, type Machine, type Work } from "./machine.js";

/** A timing: one line of the results. `ratio` is the tool's time over ours, where the tool is not ours. */
export interface Timing {
  job: string;
  size: number;
  options: Record<string, unknown>;
  tool: string;
  ms: number;
  ratio?: number;
  /** The least that the machine needs for it. */
  limit?: { ms: number; by: keyof Machine };
}

/** Something else that was measured beside the times. */
export interface Reading {
  job: string;
  size: number;
  options: Record<string, unknown>;
  tool: string;
  value: number;
  unit: string;
}

/** One tool at one job. `prepare` makes what a repetition uses up and is not timed. */
export interface Contestant<Prepared = unknown> {
  tool: string;
  prepare?(): Promise<Prepared> | Prepared;
  /** What it runs is one of as many of the same, whose time is told. */
  times?: number;
  run(prepared: Prepared): unknown;
}

/** A job of the benchmark: its name and, in turn, its sizes and options with the tools that compete. */
export interface BenchJob {
  name: string;
  rounds(): AsyncGenerator<Round> | Generator<Round>;
}

export interface Round {
  size: number;
  options: Record<string, unknown>;
  repetitions: number;
  /** Ours first. */
  contestants: Contestant[];
  /** What it takes at least. */
  work?: Work;
  /** What else there is to say after the last repetition. */
  readings?(): Reading[];
}

/** Keeps results alive, so that no run is optimised away. */
export let sink: unknown;

/** Milliseconds that a turn lasts at least, so that what is fast is run until its compilers have done all they do. */
const TURN = 200;

/** Median times, the tools taking turns so that a slow moment of the machine meets all. */
export async function measure(job: string, round: Round, machine: Machine): Promise<Timing[]> {
  const times = round.contestants.map((): number[] => []);
  // the first turn warms up and does not count
  for (let turn = 0; turn <= round.repetitions; turn++) {
    for (const [i, contestant] of round.contestants.entries()) {
      for (let spent = 0; spent < TURN;) {
        const prepared = await contestant.prepare?.();
        const since = performance.now();
        sink = await contestant.run(prepared);
        const time = performance.now() - since;
        spent += time;
        if (turn > 0) times[i]!.push(time * (contestant.times ?? 1));
      }
    }
  }
  const medians = times.map((all) => all.sort((a, b) => a - b)[all.length >> 1]!);
  return round.contestants.map(({ tool }, i) => ({
    job,
    size: round.size,
    options: round.options,
    tool,
    ms: Number(medians[i]!.toPrecision(4)),
    ...(i === 0 && round.work && { limit: limitOf(round.work, machine) }),
    ...(i > 0 && { ratio: Number((medians[i]! / medians[0]!).toPrecision(3)) }),
  }));
}
