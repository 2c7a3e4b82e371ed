/** What serverless.yml takes from the declarations of the analyses: functions, roles, alarms and outputs. */
const { Buffer } = require("node:buffer");

const analyses = async () => (await import("../dist/analyses/index.js")).analyses;

/** A name of CloudFormation: letters and digits only. */
const logical = (name) => name.replace(/(?:^|_)(\w)/g, (_, letter) => letter.toUpperCase());

async function settings({ resolveVariable }) {
  const [
    database,
    connections,
    databaseUsers,
    accounts,
    resourceId,
    concurrency,
    longestWait,
    subnets,
    securityGroups,
    alarmTopic,
    stage,
  ] = await Promise.all(
    [
      "param:database",
      "param:connections",
      "param:databaseUsers",
      "param:accounts",
      "param:databaseResourceId",
      "param:concurrency",
      "param:longestWait",
      "param:subnets",
      "param:securityGroups",
      "param:alarmTopic",
      "sls:stage",
    ].map(resolveVariable),
  );
  // on the command line a parameter is text
  const value = (given) => (typeof given === "string" && /^[[{\d]/.test(given) ? JSON.parse(given) : given);
  return {
    database,
    connections: value(connections),
    databaseUsers: value(databaseUsers),
    accounts: value(accounts),
    resourceId,
    concurrency: Number(concurrency),
    longestWait: Number(longestWait),
    subnets: value(subnets),
    securityGroups: value(securityGroups),
    alarmTopic,
    stage,
  };
}

/** Bytes that the variables of a function may take, and those kept for variables besides the connections. */
const ENVIRONMENT = 4096;
const OTHERS = 512;

exports.accounts = async (config) => JSON.stringify((await settings(config)).accounts);

exports.connections = async (config) => {
  const { database, connections, accounts } = await settings(config);
  // a secret with the whole list
  if (typeof connections === "string") return connections;
  const text = JSON.stringify(connections);
  const bytes = Buffer.byteLength(text + database + JSON.stringify(accounts));
  if (bytes <= ENVIRONMENT - OTHERS) return text;
  throw new Error(
    `the connections take ${bytes} bytes, and the environment of a function has ${ENVIRONMENT} in all: put the list into one secret, connections: secretsmanager://ARN`,
  );
};

/**
 * What functions must be allowed so that they can use connections: secrets to read, and database users to be. A
 * password would stand in the template and in the settings of each function, for all to read who may see them.
 * @param given connections and accounts, by what they are called
 */
async function needs(given) {
  const { secretId } = await import("../dist/aws/secrets.js");
  const { parseAddress } = await import("../dist/postgres/address.js");
  const secrets = new Set();
  const users = new Set();
  for (const [name, reference] of Object.entries(given)) {
    const secret = secretId(reference);
    if (secret !== undefined) {
      if (!secret.startsWith("arn:"))
        throw new Error(`the secret ${secret} is named by its ARN in a deployment, so that no other can be read`);
      secrets.add(secret);
      continue;
    }
    const { iam, user, password, host } = readable(name, () => parseAddress(reference));
    // no function reaches the machine of a developer, so that is for trying functions on it
    if (password !== undefined && !["localhost", "127.0.0.1", "::1"].includes(host))
      throw new Error(`${name} has a password, which all could read who may see the functions: put it into a secret`);
    if (iam) users.add(user);
  }
  return { secrets: [...secrets], users: [...users] };
}

function readable(name, read) {
  try {
    return read();
  } catch (error) {
    throw new Error(`${name}: ${error.message}. ${error.hint}`, { cause: error });
  }
}

/** What may be nothing but secrets: accounts of CARTO, as each is a key, and the list of connections as a whole. */
function secretsOf(entries) {
  for (const [name, entry] of Object.entries(entries)) {
    if (!String(entry).startsWith("secretsmanager://"))
      throw new Error(`${name} is no secret: expected secretsmanager:// and its ARN`);
  }
  return entries;
}

/** Entries under names that say what they are. */
const called = (what, entries) =>
  Object.fromEntries(Object.entries(entries).map(([name, value]) => [`${what} ${name}`, value]));

exports.functions = async (config) => {
  const { stage, concurrency, subnets, securityGroups } = await settings(config);
  const common = subnets.length > 0 ? { vpc: { subnetIds: subnets, securityGroupIds: securityGroups } } : {};
  // events wait as long as they may; dispatch.sql knows how long that is
  const asynchronous = {
    maximumRetryAttempts: 2,
    maximumEventAge: 21_600,
    destinations: { onFailure: { type: "sqs", arn: { "Fn::GetAtt": ["Failures", "Arn"] } } },
  };
  const { sizes } = await import("../dist/analyses/sizes.js");
  const functions = {};
  for (const { name, title, size } of await analyses()) {
    functions[name] = {
      ...common,
      ...asynchronous,
      ...sizes[size],
      name: `driveshaft-${stage}-${name}`,
      handler: `handlers/${name}.handler`,
      description: `${title}, for Driveshaft`,
      role: "AnalysisRole",
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
    // the next minute makes up for one that fails; its alarm says so
    maximumRetryAttempts: 0,
    ...(concurrency > 0 && { reservedConcurrency: 1 }),
    environment: { DRIVESHAFT_FUNCTIONS: `driveshaft-${stage}-*` },
    events: [{ schedule: "rate(1 minute)" }],
  };
  return functions;
};

exports.resources = async (config) => {
  const { database, connections, databaseUsers, accounts, resourceId, longestWait, subnets, alarmTopic, stage } =
    await settings(config);
  const names = (await analyses()).map(({ name }) => name);
  const functionName = (name) => `driveshaft-${stage}-${name}`;
  const arn = (rest) => ({ "Fn::Sub": `arn:\${AWS::Partition}:${rest}` });
  const functionArn = (name) => arn(`lambda:\${AWS::Region}:\${AWS::AccountId}:function:${functionName(name)}`);
  const toFailures = { Effect: "Allow", Action: "sqs:SendMessage", Resource: { "Fn::GetAtt": ["Failures", "Arn"] } };

  const own = { "the parameter database": database };
  const ofRoles =
    typeof connections === "string" ? secretsOf({ connections }) : called("the connection of", connections);
  const all = { ...own, ...ofRoles, ...called("the account", secretsOf(accounts)) };
  const { secrets, users } = await needs(all);
  const forAll = { secrets, users: [...new Set([...users, ...databaseUsers])] };

  return {
    Resources: {
      AnalysisRole: role([logging(names), ...reaching(forAll), toFailures]),
      SweepRole: role([
        logging(["sweep"]),
        ...reaching(await needs(own)),
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
      ...Object.fromEntries([...names, "sweep"].flatMap(alarmsOf)),
      EventsFailing: alarm(`Events wait in the queue driveshaft-${stage}-failures`, {
        Namespace: "AWS/SQS",
        MetricName: "ApproximateNumberOfMessagesVisible",
        Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": ["Failures", "QueueName"] } }],
        Statistic: "Maximum",
      }),
      // the sweep tells it once a minute: silence is an alarm as well
      JobsWaiting: alarm(`A job has been waiting for ${longestWait} s, or the sweep does not run`, {
        Namespace: "Driveshaft",
        MetricName: "OldestPendingJob",
        Dimensions: [{ Name: "FunctionName", Value: functionName("sweep") }],
        Statistic: "Maximum",
        Threshold: longestWait,
        TreatMissingData: "breaching",
      }),
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

  /** The secrets and the database users, one by one. */
  function reaching({ secrets, users }) {
    const allow = (Action, Resource) => (Resource.length > 0 ? [{ Effect: "Allow", Action, Resource }] : []);
    return [
      ...allow("secretsmanager:GetSecretValue", secrets),
      ...allow(
        "rds-db:connect",
        users.map((user) => arn(`rds-db:\${AWS::Region}:\${AWS::AccountId}:dbuser:${resourceId}/${user}`)),
      ),
    ];
  }

  /** A function that fails, and one that AWS has not let run for a quarter of an hour. */
  function alarmsOf(name) {
    const metric = (MetricName) => ({
      Namespace: "AWS/Lambda",
      MetricName,
      Dimensions: [{ Name: "FunctionName", Value: functionName(name) }],
      Statistic: "Sum",
    });
    return [
      [`${logical(name)}Failing`, alarm(`The function ${functionName(name)} fails`, metric("Errors"))],
      [
        `${logical(name)}Throttled`,
        alarm(`The function ${functionName(name)} is throttled`, { ...metric("Throttles"), EvaluationPeriods: 3 }),
      ],
    ];
  }

  function alarm(description, properties) {
    return {
      Type: "AWS::CloudWatch::Alarm",
      Properties: {
        AlarmDescription: description,
        Period: 300,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        TreatMissingData: "notBreaching",
        ...properties,
        ...(alarmTopic && { AlarmActions: [alarmTopic] }),
      },
    };
  }
};
