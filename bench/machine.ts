import asc from "assemblyscript/asc";

/** What a thread does in a millisecond when it does nothing else, in WebAssembly as the kernels are. */
export interface Machine {
  /** Bytes read in sequence from main memory. */
  bytes: number;
  /** Numbers multiplied by another and added to a sum, two at a time, from a first-level cache. */
  adds: number;
  /** Random numbers of 64 bits (SplitMix64). */
  numbers: number;
}

/** What a job cannot do without. */
export type Work = Partial<Machine>;

const source = `
const data = new StaticArray<f64>(1 << 24);

export function bytes(): f64 {
  let a = f64x2.splat(0), b = a, c = a, d = a;
  const begin = changetype<usize>(data);
  for (let at = begin; at < begin + (1 << 27); at += 64) {
    a = f64x2.add(a, v128.load(at));
    b = f64x2.add(b, v128.load(at, 16));
    c = f64x2.add(c, v128.load(at, 32));
    d = f64x2.add(d, v128.load(at, 48));
  }
  return f64x2.extract_lane(f64x2.add(f64x2.add(a, b), f64x2.add(c, d)), 0);
}

export function adds(): f64 {
  let a = f64x2.splat(0), b = a, c = a, d = a;
  const begin = changetype<usize>(data);
  for (let pass = 0; pass < (1 << 14); pass++) {
    const w = f64x2.splat(<f64>pass);
    for (let at = begin; at < begin + (1 << 14); at += 64) {
      a = f64x2.add(a, f64x2.mul(w, v128.load(at)));
      b = f64x2.add(b, f64x2.mul(w, v128.load(at, 16)));
      c = f64x2.add(c, f64x2.mul(w, v128.load(at, 32)));
      d = f64x2.add(d, f64x2.mul(w, v128.load(at, 48)));
    }
  }
  return f64x2.extract_lane(f64x2.add(f64x2.add(a, b), f64x2.add(c, d)), 0);
}

export function numbers(): f64 {
  let state: u64 = 1, sum: u64 = 0;
  for (let i = 0; i < (1 << 25); i++) {
    state += 0x9e3779b97f4a7c15;
    let x = state;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    sum ^= x ^ (x >> 31);
  }
  return <f64>sum;
}
`;

/** How much each function above does. */
const done: Machine = { bytes: 2 ** 27, adds: 2 ** 25, numbers: 2 ** 25 };

/** Measures the machine: the best of some runs, since a limit is what is reached when nothing disturbs. */
export async function measureMachine(): Promise<Machine> {
  const { binary } = await asc.compileString(source, {
    optimizeLevel: 3,
    runtime: "stub",
    noAssert: true,
    initialMemory: 2100,
    enable: ["simd"],
  });
  const { instance } = await WebAssembly.instantiate(binary as Uint8Array<ArrayBuffer>, {
    env: { abort: () => {} },
  });
  const rate = (name: keyof Machine): number => {
    const run = instance.exports[name] as () => number;
    let best = Infinity;
    for (let repetition = 0; repetition < 12; repetition++) {
      const since = performance.now();
      run();
      best = Math.min(best, performance.now() - since);
    }
    return Math.round(done[name] / best);
  };
  return { bytes: rate("bytes"), adds: rate("adds"), numbers: rate("numbers") };
}

/** The least milliseconds that some work takes, and what takes them. */
export function limitOf(work: Work, machine: Machine): { ms: number; by: keyof Machine } {
  const needs = (Object.entries(work) as [keyof Machine, number][])
    .map(([by, amount]) => ({ by, ms: Number((amount / machine[by]).toPrecision(3)) }))
    .sort((a, b) => b.ms - a.ms);
  return needs[0]!;
}
