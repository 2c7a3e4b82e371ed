import { DriveshaftError } from "../errors.js";
import type { Adjacency, Cells } from "./grid.js";
import { h3Adjacency, highOf, lowOf, resolutionOf } from "./h3.js";
import { numberCells } from "./numbering.js";
import { quadbinAdjacency, tileOf } from "./quadbin.js";

/** Cells of one system and resolution, as their ids say. */
export interface IdentifiedCells {
  system: "h3" | "quadbin";
  resolution: number;
  cells: Cells;
  adjacency: Adjacency;
}

/** A cell of either system, by the numbers that it has in its grid. */
interface Cell {
  system: "h3" | "quadbin";
  resolution: number;
  high: number;
  low: number;
}

/** Ids that an error names. */
const NAMED = 5;

/**
 * Reads ids of cells: of H3 in hexadecimal or decimal, of quadbin in decimal or hexadecimal.
 * @param from what messages call the ids
 * @throws INVALID_WEIGHTS naming ids that are none of cells, cells that come twice, and two of different systems or
 * resolutions
 */
export function readCells(ids: ArrayLike<string>, from: string): IdentifiedCells {
  const n = ids.length;
  const [highs, lows] = [new Int32Array(n), new Int32Array(n)];
  const numbering = numberCells();
  const invalid: string[] = [];
  const twice: string[] = [];
  let first: { cell: Cell; id: string } | undefined;
  for (let i = 0; i < n; i++) {
    const id = ids[i]!;
    const cell = cellOf(id);
    if (!cell) {
      invalid.push(id);
      continue;
    }
    first ??= { cell, id };
    if (cell.system !== first.cell.system || cell.resolution !== first.cell.resolution) {
      throw new DriveshaftError(
        "INVALID_WEIGHTS",
        `${from} has cells of ${described(first.cell)}, such as ${first.id}, and of ${described(cell)}, such as ${id}`,
        { hint: "Bring all to one resolution of one system in the query." },
      );
    }
    highs[i] = cell.high;
    lows[i] = cell.low;
    if (numbering.find(cell.high, cell.low) >= 0) twice.push(id);
    numbering.number(cell.high, cell.low);
  }
  if (invalid.length > 0) {
    throw new DriveshaftError(
      "INVALID_WEIGHTS",
      `${from} has ids that are no cells of H3 or quadbin: ${some(invalid)}`,
      {
        hint: "Name the column with the cells by weights.cell. Numbers in JSON lose digits above 2^53: write ids as text.",
      },
    );
  }
  if (twice.length > 0) {
    throw new DriveshaftError("INVALID_WEIGHTS", `${from} has cells more than once: ${some(twice)}`, {
      hint: "Give one row for each cell, such as by GROUP BY in the query, or name columns of groups with by.",
    });
  }
  const { system = "h3", resolution = 0 } = first?.cell ?? {};
  const adjacency = system === "h3" ? h3Adjacency : quadbinAdjacency(resolution);
  return { system, resolution, cells: { highs, lows }, adjacency };
}

const described = ({ system, resolution }: Cell): string => `${system} resolution ${resolution}`;

const some = (ids: string[]): string => ids.slice(0, NAMED).join(", ") + (ids.length > NAMED ? ", ..." : "");

/** An index of 64 bits that begins with one of 0 to 8: what is longer in decimal has at least 17 digits. */
const HEXADECIMAL = /^0?[0-9a-f]{15}$|^4[0-9a-f]{15}$/i;
const DECIMAL = /^[0-9]{17,19}$/;

function cellOf(id: string): Cell | undefined {
  const text = HEXADECIMAL.test(id) ? id : DECIMAL.test(id) ? BigInt(id).toString(16) : undefined;
  if (text === undefined) return undefined;
  const [high, low] = [highOf(text), lowOf(text)];
  const tile = tileOf(high, low);
  if (tile) return { system: "quadbin", resolution: tile.resolution, high: tile.column, low: tile.row };
  const resolution = resolutionOf(high, low);
  return resolution === undefined ? undefined : { system: "h3", resolution, high, low };
}
