import assert from "node:assert/strict";
import {
  ebStandardized,
  geary,
  gearyLocal,
  getisOrd,
  getisOrdLocal,
  joinCounts,
  moran,
  queen,
  rates,
  transform,
} from "#dist/index.js";
import { close } from "../support/assertions.js";
import { fixture } from "../support/fixtures.js";

const first = (values: Float64Array, known: number[]): void => known.forEach((value, i) => close(values[i]!, value));

/** Numbers on which spdep 1.2-7 and esda 2.5.1 agree. */
describe("known answers", () => {
  const columbus = fixture("columbus");
  const crime = columbus.column("CRIME");
  const row = queen(columbus.geometry);
  const binary = transform(row, "B");
  const nc = fixture("nc_sids");
  const births = nc.column("BIR79");
  const deathRates = nc.column("SID79").map((deaths, i) => (1000 * deaths) / births[i]!);
  const ncRow = queen(nc.geometry);
  const ncBinary = transform(ncRow, "B");

  it("of Geary's C", () => {
    const c = geary(crime, row, { permutations: 0 });
    close(c.c, 0.54052820270206847);
    close(c.varianceRandom, 0.00938426377696502);
    close(c.zRandom, -4.74306150050445829);
    const nc = geary(deathRates, ncRow, { permutations: 0 });
    close(nc.c, 0.81947570931578362);
    close(nc.varianceRandom, 0.00503193648880418);
    close(nc.zRandom, -2.54488447164611076);
  });

  it("of local Geary's c", () => {
    first(
      gearyLocal(crime, row, { permutations: 0 }).localC,
      [0.422050650801479, 0.405800020234907, 0.701155930997951, 0.511060775779485, 0.940696989603876],
    );
  });

  it("of z of local G and G*", () => {
    const known: [Float64Array, typeof row, boolean, number[]][] = [
      [
        crime,
        binary,
        false,
        [-0.9378076510352614, -0.9856591202615251, -0.7184189125046277, -0.0666623234486717, 1.0471360294309227],
      ],
      [
        crime,
        binary,
        true,
        [-1.432779653966427, -1.340008097464163, -0.771998680953113, -0.131733364490507, 1.285362798437343],
      ],
      [
        deathRates,
        ncBinary,
        false,
        [0.878895418022399, -1.244106822150923, 0.542148137359164, 1.518839657696579, 1.316779703698127],
      ],
      [
        deathRates,
        ncBinary,
        true,
        [-0.074924321962835, 0.386594229747649, 0.374443094900586, 1.427852484960444, 1.127507548459097],
      ],
    ];
    for (const [y, w, star, values] of known) {
      first(getisOrdLocal(y, w, { star, permutations: 0 }).zScore, values);
      // row-standardised weights have the same z
      first(getisOrdLocal(y, transform(w, "R"), { star, permutations: 0 }).zScore, values);
    }
  });

  it("of general G", () => {
    const { g, expected, varianceRandom } = getisOrd(crime, binary, { permutations: 0 });
    close(g, 0.12780745738195434);
    close(expected, 0.10034013605442177);
    close(varianceRandom, 3.507057303807175e-5);
  });

  it("of join counts above the median", () => {
    const median = crime.slice().sort()[24]!;
    const { bb, bw, ww } = joinCounts(
      crime.map((value) => Number(value > median)),
      binary,
      { permutations: 0 },
    );
    assert.deepEqual([bb.count, bw.count, ww.count], [54, 29, 35]);
  });

  it("of empirical Bayes rates and Moran's I of them", () => {
    const events = nc.column("SID74");
    const base = nc.column("BIR74");
    first(
      rates(events, base, ncRow).ebRate,
      [0.00169729733086, 0.00170537768084, 0.00177308702207, 0.00201286808422, 0.00353491314916],
    );
    close(moran(ebStandardized(events, base), ncRow, { permutations: 0 }).i, 0.248746214263511);
  });
});
