/** Milliseconds that the process may take to end after the last test. */
const WITHIN = 30_000;

/** A test that leaves something open fails the run, and says what, instead of holding it for ever. */
export function mochaGlobalTeardown(): void {
  setTimeout(() => {
    console.error("the tests are over, but left open:", process.getActiveResourcesInfo().join(", "));
    // after mocha's own listener, which sets the number of failed tests
    process.once("exit", () => (process.exitCode = 1));
    process.exit();
  }, WITHIN).unref();
}
