/** A value at random, by a generator of numbers from 0 to 1. */
export type Draw = (random: () => number) => number;
export const normal: Draw = (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
export const distributions: Record<string, Draw> = {
  normal,
  lognormal: (random) => Math.exp(normal(random)),
  "Pareto 2.5": (random) => (1 - random()) ** (-1 / 2.5),
  "Pareto 1.5": (random) => (1 - random()) ** (-1 / 1.5),
  "Pareto 1.5 downwards": (random) => -((1 - random()) ** (-1 / 1.5)),
  "counts with many zeros": (random) => (random() < 0.6 ? 0 : Math.floor(-3 * Math.log(1 - random()))),
  "zeros and lognormal": (random) => (random() < 0.5 ? 0 : Math.exp(normal(random))),
  "two values": (random) => Number(random() < 0.3),
  "decimals, some below 0": (random) => Math.round(40 * normal(random)) / 10,
};
