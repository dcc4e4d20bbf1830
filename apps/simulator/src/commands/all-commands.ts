import type { Command } from "commander";
import type { Environment } from "../environment.js";
import { accountCommand } from "./account.js";
import { drillCommand } from "./drill.js";
import { faultCommand } from "./fault.js";
import { keyCommand } from "./key.js";
import { listCommand } from "./list.js";
import { runCommand } from "./run.js";
import { schemaCommand } from "./schema.js";
import { serveCommand } from "./serve.js";
import { upCommand } from "./up.js";
import { validateCommand } from "./validate.js";

/** In the order of `ekm-sim --help`. */
export const allCommands = (environment: Environment): readonly Command[] => [
  runCommand(environment),
  listCommand(),
  validateCommand(),
  schemaCommand(),
  drillCommand(environment),
  upCommand(environment),
  serveCommand(environment),
  accountCommand(),
  keyCommand(),
  faultCommand(),
];
