import { readFile } from "node:fs/promises";
import path from "node:path";
import type { PairsOfIds } from "../weights/given.js";
import { DriveshaftError } from "../errors.js";
import type { Source } from "../job/source.js";
import { parseGal, parseGwt } from "../weights/gal.js";
import { readCsv } from "./csv.js";
import { readGeoJsonFile } from "./geojson.js";

/** A file as a source: GeoJSON or CSV, by its ending. */
export async function openFile(file: string): Promise<Source> {
  const ending = path.extname(file).toLowerCase();
  const reader = { ".geojson": readGeoJsonFile, ".json": readGeoJsonFile, ".csv": readCsv }[ending];
  if (!reader) {
    throw new DriveshaftError(
      "INVALID_FILE",
      `${file}: the ending is ${ending || "missing"}, expected .geojson, .json or .csv`,
    );
  }
  return reader(file, await readText(file));
}

/** A file of weights, by its ending. @throws INVALID_FILE */
export async function readWeightsFile(file: string): Promise<PairsOfIds> {
  const ending = path.extname(file).toLowerCase();
  const parse = { ".gal": parseGal, ".gwt": parseGwt, ".kwt": parseGwt }[ending];
  if (!parse) {
    throw new DriveshaftError(
      "INVALID_FILE",
      `${file}: the ending is ${ending || "missing"}, expected .gal, .gwt or .kwt`,
    );
  }
  return parse(await readText(file));
}

async function readText(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).replace(/^\uFEFF/, "");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const what =
      code === "ENOENT"
        ? "there is no such file"
        : code === "ERR_STRING_TOO_LONG"
          ? "the file is larger than 512 MiB"
          : (cause as Error).message;
    throw new DriveshaftError("INVALID_FILE", `${file}: ${what}`, { cause });
  }
}
