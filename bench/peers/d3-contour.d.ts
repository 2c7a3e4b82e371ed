/** What is used of d3-contour, which comes without types. */
declare module "d3-contour" {
  interface Contours {
    size(size: [columns: number, rows: number]): Contours;
    thresholds(thresholds: number[]): Contours;
    (values: ArrayLike<number>): unknown[];
  }
  export function contours(): Contours;
}
