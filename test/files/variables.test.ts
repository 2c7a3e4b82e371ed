import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { exampleTables } from "#dist/analyses/example-tables.js";
import { findAnalysis } from "#dist/analyses/index.js";
import { readGeoJsonFile } from "#dist/files/geojson.js";
import { fileSink } from "#dist/files/write.js";
import { runJob } from "#dist/job/job.js";

const counties = exampleTables.counties();

describe("a result of many variables in a file", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "driveshaft-variables-"));
  });
  after(() => rm(folder, { recursive: true }));

  async function write(name: string, values: string[], features: object[] = counties): Promise<string> {
    const source = readGeoJsonFile("counties", JSON.stringify({ type: "FeatureCollection", features }));
    const file = path.join(folder, name);
    const job = { analysis: findAnalysis("moran_local"), parameters: { values, permutations: 99 } };
    await runJob(job, source, fileSink(file));
    return readFile(file, "utf8");
  }

  it("has each row's own place once a variable in GeoJSON", async () => {
    const { features } = JSON.parse(await write("years.geojson", ["income", "births"])) as {
      features: { geometry: object; properties: { variable: string; id: number; value: number } }[];
    };
    assert.deepEqual(
      features.map(({ geometry, properties: { variable, id, value } }) => ({ geometry, variable, id, value })),
      ["income", "births"].flatMap((variable) =>
        counties.map(({ properties, geometry }) => {
          const [first] = geometry.coordinates as number[][][];
          return {
            geometry: { ...geometry, coordinates: [first] },
            variable,
            id: properties.id,
            value: properties[variable],
          };
        }),
      ),
    );
  });

  it("is drawn one by one on a page, the first ten, which says how many more there are", async () => {
    const few = await write("few.html", ["income", "births"]);
    const captions = [...few.matchAll(/<figcaption>([^<]*)/g)].map(([, caption]) => caption!);
    assert.deepEqual(
      captions.map((caption) => caption.replace(/Moran's I.*/, "I")),
      ["income", "births"].flatMap((name) => [`${name}: cluster of 48 rows`, `${name}: Moran scatterplot, I`]),
    );
    const names = Array.from({ length: 12 }, (_, i) => `v${i}`);
    const wide = counties.map((county, row) => ({
      ...county,
      properties: {
        ...county.properties,
        ...Object.fromEntries(names.map((name, i) => [name, (row * (i + 3)) % 17])),
      },
    }));
    const many = await write("many.html", names, wide);
    assert.equal(many.match(/<figcaption>/g)!.length, 20);
    assert.match(many, /2 more, which are not drawn/);
  });
});
