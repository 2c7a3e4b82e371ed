import { readFile } from "node:fs/promises";
import path from "node:path";
import { DriveshaftError } from "../errors.js";
import type { Source } from "../job.js";
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
  let text: string;
  try {
    text = await readFile(file, "utf8");
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
  return reader(file, text.replace(/^\uFEFF/, ""));
}
