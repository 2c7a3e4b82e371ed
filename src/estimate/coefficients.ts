/** Written by npm run bench -- --calibrate; see docs/estimates.md. */
import type { Model } from "./estimate.js";

/** Where it was measured. */
export const machine = "AMD EPYC, 2 processors, 24 GB, Node v20.20.2, 2026-11-24";

export const coefficients: Record<string, Model> = {
  moran: {
    seconds: [
      [0.0419, []],
      [0.00000246, ["rows"]],
      [9.57e-8, ["rows", "neighbors"]],
      [3.09e-9, ["rows", "permutations"]],
      [2.2e-10, ["rows", "permutations", "neighbors"]],
    ],
    memory: [107, 0.000633],
  },
  moran_bv: {
    seconds: [
      [0.0438, []],
      [0.00000243, ["rows"]],
      [1.81e-7, ["rows", "neighbors"]],
      [3.49e-9, ["rows", "permutations"]],
      [1.96e-10, ["rows", "permutations", "neighbors"]],
    ],
    memory: [131, 0.000446],
  },
  moran_rate: {
    seconds: [
      [0.0465, []],
      [0.00000227, ["rows"]],
      [1.94e-7, ["rows", "neighbors"]],
      [8.3e-7, ["permutations"]],
      [3.42e-9, ["rows", "permutations"]],
      [2.17e-10, ["rows", "permutations", "neighbors"]],
    ],
    memory: [131, 0.000418],
  },
  geary: {
    seconds: [
      [0.0384, []],
      [0.0000031, ["rows"]],
      [6.25e-8, ["rows", "neighbors"]],
      [5.7e-9, ["permutations", "neighbors"]],
      [4.28e-9, ["rows", "permutations"]],
      [2.21e-10, ["rows", "permutations", "neighbors"]],
    ],
    memory: [132, 0.000395],
  },
  getis_ord: {
    seconds: [
      [0.0378, []],
      [0.0000028, ["rows"]],
      [1.53e-7, ["rows", "neighbors"]],
      [4.16e-9, ["rows", "permutations"]],
      [2.11e-10, ["rows", "permutations", "neighbors"]],
    ],
    memory: [134, 0.000526],
  },
  join_counts: {
    seconds: [
      [0.0366, []],
      [0.00000206, ["rows"]],
      [1.75e-7, ["rows", "neighbors"]],
      [5.2e-9, ["rows", "permutations"]],
      [2.09e-10, ["rows", "permutations", "neighbors"]],
    ],
    memory: [133, 0.000556],
  },
  lee: {
    seconds: [
      [0.0369, []],
      [0.00000279, ["rows"]],
      [2.39e-7, ["rows", "neighbors"]],
      [4.92e-9, ["rows", "permutations"]],
      [6.25e-10, ["rows", "permutations", "neighbors"]],
    ],
    memory: [137, 0.000452],
  },
  correlogram: {
    seconds: [
      [0.387, []],
      [0.000128, ["permutations"]],
      [3.48e-8, ["rows", "permutations"]],
      [6.43e-8, ["rows", "rows"]],
      [2.75e-11, ["rows", "rows", "permutations"]],
    ],
    memory: [261, 0.0178],
  },
  moran_local: {
    seconds: [
      [0.0528, []],
      [0.00000591, ["rows"]],
      [4.04e-8, ["rows", "neighbors"]],
      [2.84e-12, ["rows", "permutations", "neighbors"]],
      [3.54e-9, ["rows", "permutations", "neighbors", "independent"]],
    ],
    memory: [172, 0.00000166],
  },
  moran_local_bv: {
    seconds: [
      [0.0491, []],
      [0.00000641, ["rows"]],
      [1.24e-7, ["rows", "neighbors"]],
      [0.00000101, ["permutations"]],
      [4.33e-9, ["rows", "permutations", "neighbors", "independent"]],
      [3.83e-9, ["rows", "permutations", "neighbors", "unequal"]],
    ],
    memory: [172, 0.00000166],
  },
  moran_local_rate: {
    seconds: [
      [0.0537, []],
      [0.00000648, ["rows"]],
      [1.51e-7, ["rows", "neighbors"]],
      [6.1e-11, ["rows", "permutations"]],
      [6.37e-9, ["rows", "permutations", "neighbors", "independent"]],
      [2.18e-10, ["rows", "permutations", "neighbors", "unequal"]],
    ],
    memory: [172, 0.00000166],
  },
  geary_local: {
    seconds: [
      [0.0576, []],
      [0.00000652, ["rows"]],
      [4.94e-8, ["rows", "neighbors"]],
      [8.61e-7, ["permutations"]],
      [1.4e-7, ["permutations", "neighbors"]],
      [1.43e-10, ["rows", "permutations"]],
      [7.09e-9, ["rows", "permutations", "neighbors", "independent"]],
      [3.52e-10, ["rows", "permutations", "neighbors", "unequal"]],
    ],
    memory: [172, 0.00000166],
  },
  geary_local_mv: {
    seconds: [
      [0.0536, []],
      [0.00000632, ["rows"]],
      [5.61e-8, ["rows", "neighbors"]],
      [3.41e-7, ["permutations"]],
      [3.97e-8, ["permutations", "neighbors"]],
      [1.17e-9, ["rows", "permutations"]],
      [8.97e-9, ["rows", "permutations", "neighbors", "independent"]],
      [2.41e-9, ["rows", "permutations", "neighbors", "unequal"]],
    ],
    memory: [172, 0.00000166],
  },
  getis_ord_local: {
    seconds: [
      [0.0543, []],
      [0.00000519, ["rows"]],
      [1.23e-7, ["rows", "neighbors"]],
      [2.58e-8, ["permutations", "neighbors"]],
      [2.43e-12, ["rows", "permutations", "neighbors"]],
      [3.35e-9, ["rows", "permutations", "neighbors", "independent"]],
      [4.26e-10, ["rows", "permutations", "neighbors", "unequal"]],
    ],
    memory: [173, 0.00000166],
  },
  join_counts_local: {
    seconds: [
      [0.0454, []],
      [0.00000508, ["rows"]],
      [1.02e-7, ["rows", "neighbors"]],
      [0.00000108, ["permutations"]],
      [4.13e-9, ["rows", "permutations", "neighbors", "independent"]],
      [2.19e-9, ["rows", "permutations", "neighbors", "unequal"]],
    ],
    memory: [173, 0.00000166],
  },
  quantile_lisa: {
    seconds: [
      [0.0456, []],
      [0.00000543, ["rows"]],
      [1.23e-7, ["rows", "neighbors"]],
      [1.79e-7, ["permutations", "neighbors"]],
      [5.36e-13, ["rows", "permutations"]],
      [3.55e-9, ["rows", "permutations", "neighbors", "independent"]],
    ],
    memory: [173, 0.00000166],
  },
  lee_local: {
    seconds: [
      [0.0507, []],
      [0.00000661, ["rows"]],
      [4.45e-8, ["rows", "neighbors"]],
      [7.32e-7, ["permutations"]],
      [5.26e-8, ["permutations", "neighbors"]],
      [1.1e-9, ["rows", "permutations"]],
      [6.89e-9, ["rows", "permutations", "neighbors", "independent"]],
      [1.97e-9, ["rows", "permutations", "neighbors", "unequal"]],
    ],
    memory: [174, 0.00000166],
  },
  losh: {
    seconds: [
      [0.0589, []],
      [0.0000064, ["rows"]],
      [1.07e-7, ["rows", "neighbors"]],
    ],
    memory: [174, 0.00000166],
  },
  rates: {
    seconds: [
      [0.0555, []],
      [0.00000563, ["rows"]],
    ],
    memory: [174, 0],
  },
  weights: {
    seconds: [
      [0.0695, []],
      [0.0000029, ["rows"]],
      [0.00000166, ["rows", "neighbors"]],
    ],
    memory: [214, 0.00000166],
  },
  kmeans: {
    seconds: [
      [0.0499, []],
      [0.0000049, ["rows"]],
      [6.14e-8, ["rows", "k", "n_init"]],
    ],
    memory: [177, 0.00000166],
  },
};
