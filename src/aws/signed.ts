import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";

/**
 * The two requests that are made of AWS for connections. A function finds its credentials in its environment; the
 * clients of the SDK would make the same requests and double the time of a cold start.
 */

async function signer(service: string, region: string): Promise<SignatureV4> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  const credentials = AWS_ACCESS_KEY_ID
    ? {
        accessKeyId: AWS_ACCESS_KEY_ID,
        secretAccessKey: AWS_SECRET_ACCESS_KEY ?? "",
        ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
      }
    : await (await import("./identity.js")).identity.credentials();
  return new SignatureV4({ service, region, sha256: Sha256, credentials });
}

/** The region of the environment, or of the profile. */
async function ownRegion(): Promise<string> {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  return AWS_REGION ?? AWS_DEFAULT_REGION ?? (await import("./identity.js")).identity.region();
}

/** Milliseconds for which a secret is waited for. */
const ANSWER_WITHIN = 5_000;

/** The text of a secret. @throws Error with what Secrets Manager says */
export async function secretText(id: string): Promise<string> {
  const region = /^arn:[\w-]+:secretsmanager:([\w-]+):/.exec(id)?.[1] ?? (await ownRegion());
  const url = new URL(
    process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER ?? `https://secretsmanager.${region}.amazonaws.com/`,
  );
  const request = await (
    await signer("secretsmanager", region)
  ).sign({
    method: "POST",
    protocol: url.protocol,
    hostname: url.hostname,
    path: "/",
    headers: {
      host: url.host,
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "secretsmanager.GetSecretValue",
    },
    body: JSON.stringify({ SecretId: id }),
  });
  const answer = await fetch(url, {
    method: "POST",
    headers: request.headers,
    body: request.body as string,
    signal: AbortSignal.timeout(ANSWER_WITHIN),
  });
  const said = (await answer.json()) as { SecretString?: string; __type?: string };
  if (answer.ok && said.SecretString) return said.SecretString;
  throw new Error(answer.ok ? "it holds no text" : (said.__type?.split("#").at(-1) ?? `status ${answer.status}`));
}

/** A password for a database user of RDS, which holds for 15 minutes. */
export async function rdsToken(hostname: string, port: number, user: string): Promise<string> {
  const region = /\.([\w-]+)\.rds\.amazonaws\.com$/.exec(hostname)?.[1] ?? (await ownRegion());
  const request = await (
    await signer("rds-db", region)
  ).presign(
    {
      method: "GET",
      protocol: "https:",
      hostname,
      port,
      path: "/",
      query: { Action: "connect", DBUser: user },
      headers: { host: `${hostname}:${port}` },
    },
    { expiresIn: 900 },
  );
  const query = Object.entries(request.query ?? {}).map(
    ([name, value]) => `${name}=${encodeURIComponent(String(value))}`,
  );
  return `${hostname}:${port}/?${query.join("&")}`;
}
