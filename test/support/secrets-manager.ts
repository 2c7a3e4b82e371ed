import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { keepEnvironment } from "./environment.js";

/** A stand-in of Secrets Manager, to which the environment points until it is closed. */
export interface SecretsManager {
  /** What it was asked for, the last at the end. */
  asked: { id: string; headers: IncomingHttpHeaders }[];
  close(): Promise<void>;
}

/** @param secrets texts by id; others may be added */
export async function startSecretsManager(secrets: Record<string, string>): Promise<SecretsManager> {
  const asked: SecretsManager["asked"] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { SecretId: id } = JSON.parse(body) as { SecretId: string };
      asked.push({ id, headers: request.headers });
      const text = secrets[id];
      const missing = { __type: "com.amazonaws#ResourceNotFoundException" };
      response.writeHead(text ? 200 : 400, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(text ? { SecretString: text } : missing));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const restore = keepEnvironment();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_SESSION_TOKEN: "session",
  });
  return {
    asked,
    async close() {
      restore();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
