import assert from "node:assert/strict";
import { analyses } from "#dist/analyses/index.js";
import { bundles } from "../support/bundles.js";
import type { Bundles } from "../support/package.js";

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

describe("the deployment", () => {
  let packaged: Bundles;
  before(async function () {
    this.timeout(120_000);
    packaged = await bundles();
  });

  const ofType = (type: string) =>
    Object.values(packaged.template.Resources).filter((resource) => resource.Type === type);
  const names = [...analyses.map(({ name }) => name), "sweep"];

  it("has a function for each analysis and the sweep, on arm64 and nodejs22.x, by the size of the analysis", () => {
    const functions = ofType("AWS::Lambda::Function").map(({ Properties }) => Properties);
    assert.deepEqual(
      functions.map(({ FunctionName }) => FunctionName).sort(),
      names.map((n) => `driveshaft-dev-${n}`).sort(),
    );
    for (const properties of functions) {
      assert.equal(properties.Runtime, "nodejs22.x");
      assert.deepEqual(properties.Architectures, ["arm64"]);
      assert.ok((properties.ReservedConcurrentExecutions as number) >= 1);
    }
    const of = (name: string) => functions.find(({ FunctionName }) => FunctionName === `driveshaft-dev-${name}`)!;
    assert.deepEqual(
      ["rates", "moran_local", "moran"].map((name) => [of(name).MemorySize, of(name).Timeout]),
      [
        [1024, 300],
        [1769, 900],
        [3538, 900],
      ],
    );
  });

  it("has an alarm on failures of each function", () => {
    const watched = ofType("AWS::CloudWatch::Alarm").map(({ Properties }) => {
      assert.equal(Properties.MetricName, "Errors");
      return (Properties.Dimensions as { Value: string }[])[0]!.Value;
    });
    assert.deepEqual(watched.sort(), names.map((name) => `driveshaft-dev-${name}`).sort());
  });

  it("retries events and keeps those that fail in a queue", () => {
    const configurations = ofType("AWS::Lambda::EventInvokeConfig");
    assert.equal(configurations.length, names.length);
    for (const { Properties } of configurations) {
      assert.equal(Properties.MaximumRetryAttempts, 2);
      assert.deepEqual(Properties.DestinationConfig, {
        OnFailure: { Destination: { "Fn::GetAtt": ["Failures", "Arn"] } },
      });
    }
  });

  it("starts the sweep every minute, and keeps logs for 30 days", () => {
    assert.deepEqual(
      ofType("AWS::Events::Rule").map(({ Properties }) => Properties.ScheduleExpression),
      ["rate(1 minute)"],
    );
    const groups = ofType("AWS::Logs::LogGroup");
    assert.equal(groups.length, names.length);
    for (const { Properties } of groups) assert.equal(Properties.RetentionInDays, 30);
  });

  it("gives no permission by a wildcard, but on the streams of its own log groups", () => {
    const statements = ofType("AWS::IAM::Role").flatMap(({ Properties }) =>
      (Properties.Policies as { PolicyDocument: { Statement: Statement[] } }[]).flatMap(
        ({ PolicyDocument }) => PolicyDocument.Statement,
      ),
    );
    assert.equal(ofType("AWS::IAM::Role").length, 2);
    for (const { Action, Resource } of statements) {
      for (const action of [Action].flat()) assert.doesNotMatch(action, /\*/);
      for (const resource of [Resource].flat()) {
        const text = JSON.stringify(resource).replace(/log-group:\/aws\/lambda\/[\w-]+:log-stream:\*/, "");
        assert.doesNotMatch(text, /\*/);
      }
    }
    const users = statements.filter(({ Action }) => Action === "rds-db:connect").flatMap(({ Resource }) => Resource);
    assert.deepEqual(
      users.map((user) => JSON.stringify(user).replace(/.*dbuser:|"}$/g, "")),
      ["db-EXAMPLE/driveshaft_worker", "db-EXAMPLE/analyst", "db-EXAMPLE/driveshaft_worker"],
    );
  });

  it("tells the names of the functions and their ARNs in its outputs", () => {
    const { Outputs } = packaged.template;
    assert.match(JSON.stringify(Outputs.Functions), /function:driveshaft-dev-\*/);
    assert.match(JSON.stringify(Outputs.MoranLocalArn), /function:driveshaft-dev-moran_local"/);
    assert.match(JSON.stringify(Outputs.SweepArn), /function:driveshaft-dev-sweep"/);
  });

  it("has bundles below 600 KB, each of one module", () => {
    for (const name of names) {
      assert.ok(packaged.zipped[name]! < 600_000, `${name}: ${packaged.zipped[name]}`);
      assert.deepEqual(packaged.files(name), [`handlers/${name}.cjs`]);
    }
    // the kernels of others are not in it
    assert.ok(packaged.zipped.kmeans! < 0.7 * packaged.zipped.moran_local!);
  });
});
