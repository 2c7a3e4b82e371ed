/** What serverless.yml takes from the declarations of the analyses: functions, roles, alarms and outputs. */

const analyses = async () => (await import("../dist/analyses/index.js")).analyses;

/** A name of CloudFormation: letters and digits only. */
const logical = (name) => name.replace(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase());

async function settings({ resolveVariable }) {
  const [database, connections, accounts, resourceId, concurrency, subnets, securityGroups, alarmTopic, stage] =
    await Promise.all(
      [
        "param:database",
        "param:connections",
        "param:accounts",
        "param:databaseResourceId",
        "param:concurrency",
        "param:subnets",
        "param:securityGroups",
        "param:alarmTopic",
        "sls:stage",
      ].map(resolveVariable),
    );
  // on the command line a parameter is text
  const value = (given) => (typeof given === "string" && /^[[{\d]/.test(given) ? JSON.parse(given) : given);
  return {
    references: [database, ...Object.values(value(connections)), ...secretsOf(value(accounts))],
    database,
    connections: value(connections),
    accounts: value(accounts),
    resourceId,
    concurrency: Number(concurrency),
    subnets: value(subnets),
    securityGroups: value(securityGroups),
    alarmTopic,
    stage,
  };
}

/** Accounts of CARTO are secrets: a key here would stand in the template, for all to read who may see the functions. */
function secretsOf(accounts) {
  for (const [name, account] of Object.entries(accounts)) {
    if (!String(account).startsWith("secretsmanager://"))
      throw new Error(`the account ${name} of CARTO is no secret: expected secretsmanager:// and its ARN`);
  }
  return Object.values(accounts);
}

exports.accounts = async (config) => JSON.stringify((await settings(config)).accounts);

exports.connections = async (config) => JSON.stringify((await settings(config)).connections);

exports.functions = async (config) => {
  const { stage, concurrency, subnets, securityGroups } = await settings(config);
  const common = {
    maximumRetryAttempts: 2,
    maximumEventAge: 3600,
    destinations: { onFailure: { type: "sqs", arn: { "Fn::GetAtt": ["Failures", "Arn"] } } },
  };
  if (subnets.length > 0) common.vpc = { subnetIds: subnets, securityGroupIds: securityGroups };
  const { sizes } = await import("../dist/lambda/sizes.js");
  const functions = {};
  for (const { name, title, size } of await analyses()) {
    functions[name] = {
      ...common,
      ...sizes[size],
      name: `driveshaft-${stage}-${name}`,
      handler: `handlers/${name}.handler`,
      description: `${title}, for Driveshaft`,
      role: "AnalysisRole",
      // 0 leaves the account's concurrency to share
      ...(concurrency > 0 && { reservedConcurrency: concurrency }),
    };
  }
  functions.sweep = {
    ...common,
    name: `driveshaft-${stage}-sweep`,
    handler: "handlers/sweep.handler",
    description: "Looks after the jobs of Driveshaft",
    role: "SweepRole",
    memorySize: 512,
    timeout: 60,
    ...(concurrency > 0 && { reservedConcurrency: 1 }),
    environment: { DRIVESHAFT_FUNCTIONS: `driveshaft-${stage}-*` },
    events: [{ schedule: "rate(1 minute)" }],
  };
  return functions;
};

exports.resources = async (config) => {
  const { references, database, resourceId, subnets, alarmTopic, stage } = await settings(config);
  const names = (await analyses()).map(({ name }) => name);
  const functionName = (name) => `driveshaft-${stage}-${name}`;
  const arn = (rest) => ({ "Fn::Sub": `arn:\${AWS::Partition}:${rest}` });
  const functionArn = (name) => arn(`lambda:\${AWS::Region}:\${AWS::AccountId}:function:${functionName(name)}`);
  const toFailures = { Effect: "Allow", Action: "sqs:SendMessage", Resource: { "Fn::GetAtt": ["Failures", "Arn"] } };

  return {
    Resources: {
      AnalysisRole: role([logging(names), ...reaching(references), toFailures]),
      SweepRole: role([
        logging(["sweep"]),
        ...reaching([database]),
        toFailures,
        { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: names.map(functionArn) },
      ]),
      // events whose functions failed in every attempt
      Failures: {
        Type: "AWS::SQS::Queue",
        Properties: {
          QueueName: `driveshaft-${stage}-failures`,
          MessageRetentionPeriod: 1_209_600,
          SqsManagedSseEnabled: true,
        },
      },
      ...Object.fromEntries([...names, "sweep"].map((name) => [`${logical(name)}Failing`, alarm(name)])),
    },
    Outputs: {
      Functions: { Description: "Names for --functions; * stands for the analysis", Value: functionArn("*") },
      ...Object.fromEntries([...names, "sweep"].map((name) => [`${logical(name)}Arn`, { Value: functionArn(name) }])),
      FailureQueue: { Value: { Ref: "Failures" } },
    },
  };

  function role(statements) {
    return {
      Type: "AWS::IAM::Role",
      Properties: {
        AssumeRolePolicyDocument: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
        },
        Policies: [{ PolicyName: "driveshaft", PolicyDocument: { Version: "2012-10-17", Statement: statements } }],
        // network interfaces, which AWS itself names
        ...(subnets.length > 0 && {
          ManagedPolicyArns: [arn("iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole")],
        }),
      },
    };
  }

  /** A log group's streams have names of their own. */
  function logging(functions) {
    return {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: functions.map((name) =>
        arn(`logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/${functionName(name)}:log-stream:*`),
      ),
    };
  }

  /** The secrets and the database users of connections, one by one. */
  function reaching(connections) {
    const secrets = connections.filter((one) => one.startsWith("secretsmanager://")).map((one) => one.slice(17));
    const unnamed = secrets.find((secret) => !secret.startsWith("arn:"));
    if (unnamed)
      throw new Error(`the secret ${unnamed} is named by its ARN in a deployment, so that no other can be read`);
    const users = connections.filter((one) => one.startsWith("rds-iam://")).map((one) => one.slice(10).split("@")[0]);
    const allow = (Action, Resource) => (Resource.length > 0 ? [{ Effect: "Allow", Action, Resource }] : []);
    return [
      ...allow("secretsmanager:GetSecretValue", [...new Set(secrets)]),
      ...allow(
        "rds-db:connect",
        [...new Set(users)].map((user) =>
          arn(`rds-db:\${AWS::Region}:\${AWS::AccountId}:dbuser:${resourceId}/${decodeURIComponent(user)}`),
        ),
      ),
    ];
  }

  function alarm(name) {
    return {
      Type: "AWS::CloudWatch::Alarm",
      Properties: {
        AlarmDescription: `The function ${functionName(name)} fails`,
        Namespace: "AWS/Lambda",
        MetricName: "Errors",
        Dimensions: [{ Name: "FunctionName", Value: functionName(name) }],
        Statistic: "Sum",
        Period: 300,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        TreatMissingData: "notBreaching",
        ...(alarmTopic && { AlarmActions: [alarmTopic] }),
      },
    };
  }
};
