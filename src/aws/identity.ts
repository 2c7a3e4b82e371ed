import { LambdaClient } from "@aws-sdk/client-lambda";

/** Credentials and region as the tools of AWS find them: profiles, single sign-on, the role of a machine. */
export const identity = new LambdaClient({}).config;
