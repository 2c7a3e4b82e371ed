/** Markov chains: classes of values, transitions between them, and what follows from their probabilities. */
export { classify, countTransitions } from "./markov/classes";
export { allPairs, neighborPairs } from "./markov/mobility";
export { logLikelihoodRatio, passageTimes, steadyState } from "./markov/chain";
export { chiSquaredUpper } from "./shared/gamma";
export * from "./shared/host";
