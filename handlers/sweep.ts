export { sweep as handler } from "#dist/lambda/sweep.js";
