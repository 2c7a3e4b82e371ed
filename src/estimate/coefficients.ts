/** Written by npm run bench -- --calibrate; see docs/estimates.md. */
import type { Model } from "./model.js";

/** Where it was measured. */
export const machine = "AMD EPYC, 2 processors, 24 GB, Node v20.20.2, 2026-11-28";

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
      [0.33, []],
      [0.00000573, ["rows"]],
      [6.14e-9, ["rows", "neighbors"]],
      [5.7e-13, ["rows", "permutations", "neighbors"]],
      [3.1e-9, ["rows", "permutations", "neighbors", "independent"]],
      [0.266, ["exact"]],
      [0.00000304, ["exact", "rows"]],
    ],
    memory: [187, 0.000494],
  },
  moran_local_bv: {
    seconds: [
      [0.209, []],
      [0.0000079, ["rows"]],
      [0.124, ["exact"]],
      [0.00000268, ["exact", "rows"]],
    ],
    memory: [188, 0.000437],
  },
  moran_local_rate: {
    seconds: [
      [0.258, []],
      [0.0000111, ["rows"]],
      [5.1e-9, ["rows", "neighbors"]],
      [0.0000131, ["permutations"]],
      [1.85e-11, ["rows", "permutations", "neighbors"]],
      [0.0192, ["exact"]],
      [0.0000124, ["exact", "rows"]],
    ],
    memory: [193, 0.000339],
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
      [0.23, []],
      [0.0000127, ["rows"]],
      [1.21e-7, ["permutations"]],
      [1.47e-7, ["permutations", "neighbors"]],
      [9.89e-12, ["rows", "permutations", "neighbors"]],
      [4.83e-9, ["rows", "permutations", "neighbors", "unequal"]],
      [0.111, ["exact"]],
      [0.00001, ["exact", "rows"]],
    ],
    memory: [193, 0.000335],
  },
  join_counts_local: {
    seconds: [
      [0.193, []],
      [0.00000423, ["rows"]],
      [2.78e-7, ["rows", "neighbors"]],
      [4.09e-10, ["rows", "permutations"]],
      [0.0749, ["exact"]],
    ],
    memory: [193, 0],
  },
  quantile_lisa: {
    seconds: [
      [0.219, []],
      [0.00000457, ["rows"]],
      [1.02e-7, ["rows", "neighbors"]],
      [3.87e-11, ["rows", "permutations"]],
      [8.02e-13, ["rows", "permutations", "neighbors"]],
      [5.85e-10, ["rows", "permutations", "neighbors", "independent"]],
      [0.0431, ["exact"]],
    ],
    memory: [193, 0],
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
      [0.0356, []],
      [0.0000033, ["rows"]],
      [3.97e-8, ["rows", "k", "n_init"]],
    ],
    memory: [115, 0.000868],
  },
  mean_center: {
    seconds: [
      [0.19, []],
      [0.00000161, ["rows"]],
    ],
    memory: [105, 0.000462],
  },
  nearest: {
    seconds: [
      [0.247, []],
      [0.00000329, ["rows"]],
      [0.00000152, ["rows", "k"]],
    ],
    memory: [248, 0],
  },
  hulls: {
    seconds: [
      [0.219, []],
      [0.00000185, ["rows"]],
    ],
    memory: [248, 0],
  },
  hot_spots: {
    seconds: [
      [0.222, []],
      [0.0000145, ["rows"]],
    ],
    memory: [185, 0.00062],
  },
  dbscan: {
    seconds: [
      [0.102, []],
      [0.00000355, ["rows"]],
    ],
    memory: [116, 0.000631],
  },
  similar: {
    seconds: [
      [0.0761, []],
      [0.000004, ["rows"]],
    ],
    memory: [116, 0.000732],
  },
  lof: {
    seconds: [
      [0.0469, []],
      [0.00000278, ["rows"]],
      [9.6e-8, ["rows", "k"]],
    ],
    memory: [114, 0.000636],
  },
  hdbscan: {
    seconds: [
      [0.0606, []],
      [0.00000838, ["rows"]],
    ],
    memory: [116, 0.000694],
  },
  emerging_hot_spots: {
    seconds: [
      [0.0493, []],
      [0.00000285, ["rows"]],
    ],
    memory: [117, 0.000596],
  },
  spatial_markov: {
    seconds: [
      [0.0352, []],
      [0.00000505, ["rows"]],
      [2.23e-8, ["rows", "neighbors"]],
    ],
    memory: [116, 0.000946],
  },
  segment: {
    seconds: [
      [0.0369, []],
      [0.00000367, ["rows"]],
      [1.64e-8, ["rows", "n_estimators", "covariates"]],
    ],
    memory: [116, 0.000928],
  },
  gwr: {
    seconds: [
      [0.0437, []],
      [2.25e-7, ["rows", "neighbors"]],
      [0.00000603, ["rows", "covariates"]],
      [9.7e-8, ["rows", "around"]],
      [7.26e-9, ["rows", "around", "covariates"]],
      [6.76e-10, ["rows", "around", "covariates", "covariates"]],
    ],
    memory: [192, 0.000747],
  },
  ols: {
    seconds: [
      [0.0432, []],
      [0.00000379, ["rows"]],
      [3.92e-7, ["rows", "covariates"]],
      [2.13e-8, ["rows", "covariates", "neighbors"]],
      [2.87e-11, ["rows", "covariates", "covariates", "covariates", "covariates"]],
    ],
    memory: [124, 0.00104],
  },
  mgwr: {
    seconds: [
      [0.000884, ["rows", "covariates"]],
      [0.00000291, ["rows", "around"]],
      [0.00000305, ["rows", "around", "covariates"]],
    ],
    memory: [145, 0],
  },
};
