/** k-means by Lloyd's iteration (1982, doi:10.1109/TIT.1982.1056489) in any number of dimensions, and on the sphere. */
export { centersOf, create, keep, lookFor, takeBack } from "./kmeans/clustering";
export { chooseSeeds, createSeeds } from "./kmeans/seeds";
export { assignFiltered, createFilter, endFiltered } from "./kmeans/filter";
export { assignBounded, createBounds } from "./kmeans/bounds";
export { moveCenters, readPoints, settle } from "./kmeans/centers";
export { silhouettes } from "./kmeans/silhouettes";
export { toArcs, toDegrees } from "./kmeans/sphere";
export { toUnitSphere } from "./shared/space";
export * from "./shared/host";
