/**
 * A process of Lambda's for one function, as `lambda.ts` starts it: it loads the bundle once, then takes event after
 * event.
 */
import { createRequire } from "node:module";

interface Invocation {
  event: unknown;
  request: string;
  /** When the invocation will be ended, in milliseconds of the clock. */
  deadline: number;
}

type Handler = (event: unknown, context: object) => Promise<unknown>;

const { handler } = createRequire(import.meta.url)(process.argv[2]!) as { handler: Handler };

process.on("message", ({ event, request, deadline }: Invocation) => {
  const context = {
    awsRequestId: request,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  handler(event, context).then(
    (result) => process.send!({ result }),
    (error: unknown) => {
      const { name, message, stack = "" } = error as Error;
      process.send!({
        error: { errorType: name, errorMessage: message, trace: stack === "" ? [] : stack.split("\n") },
      });
    },
  );
});
process.send!({ ready: true });
