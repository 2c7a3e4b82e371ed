/** Colors of cluster classes: the custom of GeoDa's LISA maps, red for high, blue for low. */
export const clusterColors: Record<string, string> = {
  HH: "#d7191c",
  LL: "#2c7bb6",
  LH: "#abd9e9",
  HL: "#fdae61",
  "not significant": "#eeeeee",
  isolated: "#999999",
  undefined: "#ffffff",
};

/** Colors of numbered clusters, used again after the last (Tableau 10, through Observable Plot). */
export const numberColors = [
  "#4269d0",
  "#efb118",
  "#ff725c",
  "#6cc5b0",
  "#3ca951",
  "#ff8ab7",
  "#a463f2",
  "#97bbf5",
  "#9c6b4e",
  "#9498a0",
];
