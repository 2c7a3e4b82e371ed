// Run before all tests: the suite on the kernels that check every index.
process.env.DRIVESHAFT_KERNELS = "checked";
