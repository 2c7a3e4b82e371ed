// The second run of the suite: on the kernels that check every index, and on Debian's PostgreSQL where it is installed.
process.env.DRIVESHAFT_KERNELS = "checked";
process.env.DRIVESHAFT_SERVER = "debian";
