/** Who runs a job: a worker's process; a function that a gateway invokes; one that the database invokes. */
export const engines = ["worker", "lambda", "aws_lambda"] as const;

export type Engine = (typeof engines)[number];
