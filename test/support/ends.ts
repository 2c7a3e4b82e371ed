/** Milliseconds that the process may take to end after the last test. */
const WITHIN = 30_000;

/** A test that leaves something open fails the run, and says what, instead of holding it for ever. */
export function mochaGlobalTeardown(): void {
  setTimeout(() => {
    console.error("the tests are over, but left open:", process.getActiveResourcesInfo().join(", "));
    process.exit(1);
  }, WITHIN).unref();
}
