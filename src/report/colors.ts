/** Colors of cluster classes: the custom of GeoDa's LISA maps, red for high, blue for low. */
export const clusterColors: Record<string, string> = {
  HH: "#d7191c",
  LL: "#2c7bb6",
  LH: "#abd9e9",
  HL: "#fdae61",
  hot: "#d7191c",
  cold: "#2c7bb6",
  "hot 99%": "#d7191c",
  "hot 95%": "#f17c4a",
  "hot 90%": "#fec980",
  "cold 99%": "#2c7bb6",
  "cold 95%": "#64abd0",
  "cold 90%": "#abd9e9",
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
