/** What is used of d3-polygon, which comes without types. */
declare module "d3-polygon" {
  export function polygonHull(points: [x: number, y: number][]): [x: number, y: number][] | null;
}
