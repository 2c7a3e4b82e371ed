import assert from "node:assert/strict";
import fc from "fast-check";
import { DriveshaftError } from "#dist/errors.js";
import type { Places } from "#dist/geometry/place.js";
import type { Reading, Rows } from "#dist/job/source.js";
import { cell, length, type Column } from "#dist/table/column.js";
import { canonicalOrder } from "#dist/table/order.js";
import { rawText, type Raw } from "#dist/table/raw.js";
import { decoder } from "#dist/postgres/decode.js";
import type { PostgresColumn } from "#dist/postgres/types.js";
import { failure } from "../support/assertions.js";
import { mutated } from "../support/mutations.js";

type TypeReading = Partial<PostgresColumn["reading"]>;

const column = (name: string, type: string, reading: TypeReading): PostgresColumn => ({
  name,
  type,
  kinds: [],
  reading: { encoding: "bytes", ...reading },
  geography: false,
});

const field = (bytes: Uint8Array | null): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes ? bytes.length : -1);
  return Buffer.concat([length, bytes ?? Buffer.alloc(0)]);
};
const row = (fields: (Uint8Array | null)[]): Buffer =>
  Buffer.concat([Buffer.from([0, fields.length]), ...fields.map(field)]);
const stream = (rows: (Uint8Array | null)[][]): Buffer =>
  Buffer.concat([
    Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1"),
    ...rows.map(row),
    Buffer.from([255, 255]),
  ]);

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const point = hex("01 01000020 E6100000 000000000000F03F 0000000000000040");
const triangle = hex(
  "00 00000003 00000001 00000004 0000000000000000 0000000000000000 4010000000000000 0000000000000000 0000000000000000 4010000000000000 0000000000000000 0000000000000000",
);
const geojson = '{"type":"Polygon","coordinates":[[[0,0],[4,0],[0,4],[0,0]],[[1,1],[2,1],[1,2],[1,1]]]}';
const float = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
};

/** Rows of every encoding: the type of the id, the type of the place, and two rows. */
const layouts: {
  id: TypeReading;
  place: TypeReading;
  rows: (Uint8Array | null)[][];
}[] = [
  {
    id: { encoding: "integer", number: "int8" },
    place: { geometry: "wkb" },
    rows: [
      [hex("0000000000000007"), point, float(2.5)],
      [hex("8000000000000000"), triangle, null],
    ],
  },
  {
    id: { encoding: "numeric", number: "numeric" },
    place: { geometry: "jsonb" },
    rows: [
      [hex("0002 0001 0000 0002 04D2 0010"), Buffer.from(`\x01${geojson}`), float(-1)],
      [hex("0001 FFFF 4000 0004 270F"), null, float(NaN)],
    ],
  },
  {
    id: { encoding: "uuid" },
    place: { geometry: "json" },
    rows: [
      [hex("a0eebc999c0b4ef8bb6d6bb9bd380a11"), Buffer.from(geojson), float(1e300)],
      [hex("ffffffffffffffffffffffffffffffff"), Buffer.from("null"), null],
    ],
  },
  {
    id: { encoding: "text" },
    place: { geometry: "wkb" },
    rows: [
      [Buffer.from("Größe"), point, float(0)],
      [Buffer.from(""), point, float(1)],
    ],
  },
];

/** What every reader of rows may rely on, whatever bytes they were made of. */
function assertSound({ n, columns }: Rows): void {
  const [ids, place, numbers, ...carried] = columns as [Raw, Places, Column & { type: "float8" }, Raw, Raw];
  const { xs, ys, ringOffsets, holes, featureOffsets, kinds } = place.geometry;
  assert.deepEqual(columns.map(length), [n, n, n, n, n]);
  assert.deepEqual([kinds.length, featureOffsets.length], [n, n + 1]);
  for (const { offsets, bytes } of [ids, ...carried]) assert.equal(offsets[n], bytes.length);
  assert.equal(featureOffsets[n], xs.length);
  assert.equal(ringOffsets[holes.length], xs.length);
  assert.equal(xs.length, ys.length);
  assert.ok(xs.every(Number.isFinite) && ys.every(Number.isFinite));
  assert.ok(numbers.values.every((value) => Number.isFinite(value) || Number.isNaN(value)));
  for (let i = 0; i < n; i++) {
    assert.equal(typeof rawText(ids, i), "string");
    for (const column of carried) cell(column, i);
  }
  canonicalOrder(ids);
}

describe("GeoJSON of more bytes than can be parsed", () => {
  it("is refused by its row", () => {
    const columns = [
      column("id", "integer", { encoding: "integer", number: "int4" }),
      column("place", "text", { geometry: "json" }),
    ];
    const decode = decoder(columns, [
      { as: "id", column: 0 },
      { as: "place", geometry: 1 },
    ]);
    const take = (): void => {
      decode.take(stream([[hex("0000002A"), Buffer.alloc(2 ** 26 + 1, 32)]]));
      decode.finish();
    };
    assert.throws(take, failure("INVALID_GEOMETRY", /the row with id 42: GeoJSON of 67108865 bytes, at most 67108864/));
  });
});

describe("rows that no server sends", () => {
  for (const { id, place, rows } of layouts) {
    it(`with ids as ${id.encoding} and places as ${place.geometry} are refused, or read soundly`, () => {
      const columns = [
        column("id", "an id", id),
        column("place", "text", place),
        column("v", "double precision", { number: "float8" }),
      ];
      const readings: Reading[] = [
        { as: "id", column: 0 },
        { as: "place", geometry: 1 },
        { as: "number", column: 2 },
        { as: "raw", column: 1 },
        { as: "raw", column: 2 },
      ];
      const whole = stream(rows);
      let refused = 0;
      let read = 0;
      fc.assert(
        fc.property(mutated(whole), fc.nat(whole.length), (bytes, cut) => {
          try {
            const decode = decoder(columns, readings);
            decode.take(bytes.subarray(0, cut));
            decode.take(bytes.subarray(cut));
            assertSound(decode.finish());
            read++;
          } catch (error) {
            if (!(error instanceof DriveshaftError)) throw error;
            assert.notEqual(error.message, "");
            refused++;
          }
        }),
        { numRuns: 2500 },
      );
      // both happen, or the test has shown little
      assert.ok(refused > 250 && read > 25, `${refused} refused, ${read} read`);
    });
  }
});
