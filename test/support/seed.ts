import fc from "fast-check";

/** Property tests draw the same cases in every run; another number in DRIVESHAFT_TEST_SEED draws others. */
fc.configureGlobal({ seed: Number(process.env.DRIVESHAFT_TEST_SEED ?? 1) });
