import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Analysis, Output } from "#dist/analyses/analysis.js";
import { analyses } from "#dist/analyses/index.js";
import { moranLocalAnalysis } from "#dist/analyses/moran_local.js";
import { assertDeclared, conformance, eachOutput, runExample } from "../support/conformance.js";

describe("the analysis", () => {
  for (const { title, analysis } of analyses.flatMap(eachOutput)) {
    describe(title, () => {
      for (const [rule, check] of Object.entries(conformance)) it(rule, () => check(analysis));
    });
  }

  it("gives the same bytes on the fast and on the checked build, whichever it is", async () => {
    const program = fileURLToPath(new URL("../support/digests.js", import.meta.url));
    const on = async (build: string): Promise<unknown> => {
      const env = { ...process.env, DRIVESHAFT_KERNELS: build };
      return JSON.parse((await promisify(execFile)(process.execPath, [program], { env })).stdout);
    };
    const [fast, checked] = [await on("fast"), await on("checked")];
    assert.equal(Object.keys(fast as object).length, analyses.length);
    assert.deepEqual(checked, fast);
  });

  describe("that is not what it declares", () => {
    /** The same, whose result is changed. */
    const changed = (change: (output: Output) => void): Analysis => ({
      ...moranLocalAnalysis,
      run(...given) {
        const output = moranLocalAnalysis.run(...given);
        change(output);
        return output;
      },
    });
    async function assertRefused(analysis: Analysis): Promise<void> {
      await assert.rejects(async () => assertDeclared(analysis, await runExample(analysis)));
    }

    it("is found out: a column that is missing, of another type, of another length, without a value", async () => {
      assertDeclared(moranLocalAnalysis, await runExample(moranLocalAnalysis));
      await assertRefused(changed(({ columns }) => delete columns.lag));
      await assertRefused(changed(({ columns }) => (columns.lag = columns.quadrant!)));
      await assertRefused(changed(({ columns }) => (columns.lag = { type: "int4", values: new Int32Array(48) })));
      await assertRefused(changed(({ columns }) => (columns.lag = { type: "float8", values: [1] as never })));
      await assertRefused(
        changed(({ columns }) => (columns.lag = { type: "float8", values: new Float64Array(48).fill(NaN) })),
      );
      await assertRefused(changed((output) => (output.summary = { share: undefined })));
    });

    it("has null in its summary for a number that is none", async () => {
      const { summary } = await runExample(
        changed((output) => (output.summary = { share: NaN, of: [1, { at: Infinity }] })),
      );
      assert.deepEqual([summary.share, summary.of], [null, [1, { at: null }]]);
    });

    it("is found out: one that depends on the order of the rows", async () => {
      const counting = changed(
        ({ columns }) => (columns.lag = { type: "float8", values: Float64Array.from({ length: 48 }, Math.random) }),
      );
      await assert.rejects(conformance["gives the same bytes whatever the order of the rows"]!(counting));
    });
  });
});
