/** The computing thread of the package: of every analysis. */
import { findAnalysis } from "../analyses/index.js";
import { serveTasks } from "./serve.js";

serveTasks(findAnalysis);
