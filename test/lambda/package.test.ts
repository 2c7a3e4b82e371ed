import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { analyses } from "#dist/analyses/index.js";
import { bundles } from "../support/bundles.js";
import type { Bundles, Template } from "../support/package.js";

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

describe("the settings of a deployment", () => {
  const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:driveshaft-AbCdEf";
  const given = {
    database: "rds-iam://driveshaft_worker@db.example.com/gis",
    connections: { analyst: "rds-iam://analyst@db.example.com/gis" } as object | string,
    databaseUsers: [] as string[],
    accounts: {},
    databaseResourceId: "db-EXAMPLE",
    concurrency: 0,
    subnets: [],
    securityGroups: [],
    alarmTopic: "",
  };
  type Script = Record<"connections" | "resources", (config: object) => Promise<unknown>>;

  /** What the script makes of parameters. */
  async function make(what: keyof Script, more: Partial<typeof given>): Promise<unknown> {
    const script = (await import(pathToFileURL("scripts/serverless.cjs").href)) as { default: Script };
    const values = { ...given, ...more } as Record<string, unknown>;
    return script.default[what]({
      resolveVariable: (name: string) => Promise.resolve(name === "sls:stage" ? "dev" : values[name.slice(6)]),
    });
  }
  const allowed = async (action: string, more: Partial<typeof given>) => {
    const { Resources } = (await make("resources", more)) as Template;
    const [{ PolicyDocument }] = Resources.AnalysisRole!.Properties.Policies as [
      { PolicyDocument: { Statement: Statement[] } },
    ];
    return PolicyDocument.Statement.filter(({ Action }) => Action === action).flatMap(({ Resource }) => Resource);
  };

  it("take one secret with the connections of all roles, as it is, and allow to read exactly that", async () => {
    const connections = `secretsmanager://${secret}`;
    assert.equal(await make("connections", { connections }), connections);
    assert.deepEqual(await allowed("secretsmanager:GetSecretValue", { connections }), [secret]);
    const users = await allowed("rds-db:connect", { connections, databaseUsers: ["analyst"] });
    assert.deepEqual(
      users.map((user) => JSON.stringify(user).replace(/.*dbuser:|"}$/g, "")),
      ["db-EXAMPLE/driveshaft_worker", "db-EXAMPLE/analyst"],
    );
  });

  it("take no more connections than an environment holds", async () => {
    const roles = Array.from({ length: 60 }, (_, i) => `analyst_${i}`);
    const connections = Object.fromEntries(roles.map((role) => [role, `rds-iam://${role}@db.example.com:5432/gis`]));
    await assert.rejects(
      make("connections", { connections }),
      /the connections take \d+ bytes, .* has 4096 in all: put the list into one secret/,
    );
  });

  it("take no password, which would stand in the template, but for a database of this machine", async () => {
    for (const url of [
      "postgres://analyst:hunter2@db.example.com/gis",
      "postgres://db.example.com/gis?password=hunter2",
    ]) {
      for (const more of [{ connections: { analyst: url } }, { database: url }]) {
        await assert.rejects(make("resources", more), (error: Error) => {
          assert.match(error.message, /^the (connection of analyst|parameter database) has a password/);
          return !error.message.includes("hunter2");
        });
      }
    }
    const local = "postgres://analyst:hunter2@localhost/gis";
    assert.deepEqual(await allowed("rds-db:connect", { database: local, connections: { analyst: local } }), []);
  });

  it("take no connection that cannot be read, and do not show it", async () => {
    await assert.rejects(
      make("resources", { connections: { analyst: "analyst:hunter2@host/gis" } }),
      (error: Error) => {
        assert.match(error.message, /^the connection of analyst: the connection is not a URL/);
        return !error.message.includes("hunter2");
      },
    );
    await assert.rejects(make("resources", { connections: "secretsmanager://driveshaft" }), /is named by its ARN/);
    await assert.rejects(make("resources", { connections: "postgres://analyst@host/gis" }), /connections is no secret/);
  });
});

describe("the deployment", () => {
  let packaged: Bundles;
  before(async function () {
    this.timeout(120_000);
    packaged = await bundles();
  });

  const ofType = (type: string) =>
    Object.values(packaged.template.Resources).filter((resource) => resource.Type === type);
  const names = [...analyses.map(({ name }) => name), "sweep"];

  it("has a function for each analysis and the sweep, on arm64 and nodejs24.x, by the size of the analysis", () => {
    const functions = ofType("AWS::Lambda::Function").map(({ Properties }) => Properties);
    assert.deepEqual(
      functions.map(({ FunctionName }) => FunctionName).sort(),
      names.map((n) => `driveshaft-dev-${n}`).sort(),
    );
    for (const properties of functions) {
      assert.equal(properties.Runtime, "nodejs24.x");
      assert.deepEqual(properties.Architectures, ["arm64"]);
      // a new account has ten in all
      assert.equal(properties.ReservedConcurrentExecutions, undefined);
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

  it("has alarms on failures and throttling of each function, on the queue of failures, and on jobs that wait long", () => {
    const alarms = ofType("AWS::CloudWatch::Alarm").map(({ Properties }) => {
      const [{ Value }] = Properties.Dimensions as [{ Value: unknown }];
      return [Properties.MetricName, typeof Value === "string" ? Value : "", Properties.Threshold].join(" ");
    });
    const expected = [
      ...names.flatMap((name) => [`Errors driveshaft-dev-${name} 1`, `Throttles driveshaft-dev-${name} 1`]),
      "ApproximateNumberOfMessagesVisible  1",
      "OldestPendingJob driveshaft-dev-sweep 1800",
    ];
    assert.deepEqual(alarms.sort(), expected.sort());
  });

  it("retries events and keeps those that fail in a queue", () => {
    const configurations = ofType("AWS::Lambda::EventInvokeConfig").map(({ Properties }) => Properties);
    const destination = { OnFailure: { Destination: { "Fn::GetAtt": ["Failures", "Arn"] } } };
    const ofAnalyses = configurations.filter(({ MaximumRetryAttempts }) => MaximumRetryAttempts === 2);
    assert.equal(ofAnalyses.length, analyses.length);
    for (const { DestinationConfig, MaximumEventAgeInSeconds } of ofAnalyses) {
      assert.deepEqual([DestinationConfig, MaximumEventAgeInSeconds], [destination, 21_600]);
    }
    // a sweep that failed is made up for by the next
    const [ofSweep, ...others] = configurations.filter((one) => !ofAnalyses.includes(one));
    assert.deepEqual([ofSweep!.MaximumRetryAttempts, ofSweep!.DestinationConfig, others], [0, {}, []]);
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
