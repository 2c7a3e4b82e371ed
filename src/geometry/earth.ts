/** Mean radius of the Earth in metres. */
export const EARTH_RADIUS = 6_371_008.8;
