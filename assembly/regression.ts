/** Least squares by an orthonormal basis of the columns, and the distributions that tests of it need. */
export { addLagsBothWays, influence, log, logLikelihood } from "./regression/residuals";
export { orthonormalise, project } from "./regression/basis";
export { deviance, logLikelihoodAt, toMeans } from "./regression/family";
export { conditionNumber, orthogonalise } from "./regression/singular-values";
export { triangleOfProducts } from "./regression/triangle";
export { fUpper } from "./regression/beta";
export { chiSquaredUpper } from "./shared/gamma";
export * from "./shared/host";
