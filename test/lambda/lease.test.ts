import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { findAnalysis } from "#dist/analyses/index.js";
import { handlerOf } from "#dist/lambda/handler.js";
import { keepEnvironment } from "../support/environment.js";

describe("the lease of a function", () => {
  const restore = keepEnvironment();
  after(restore);

  it("is of 1 second to a day, as a worker's; another is an error before anything is claimed", async () => {
    const handle = handlerOf(findAnalysis("kmeans"), import.meta.url);
    const context = {
      awsRequestId: "1",
      functionName: "kmeans",
      memoryLimitInMB: "1769",
      getRemainingTimeInMillis: () => 10_000,
    };
    for (const lease of ["0", "1e9", "half a minute"]) {
      process.env.DRIVESHAFT_LEASE = lease;
      await assert.rejects(handle({ job: randomUUID() }, context), {
        name: "INVALID_PARAMETER",
        message: `DRIVESHAFT_LEASE is ${lease}, expected seconds from 1 to 86400`,
      });
    }
  });
});
