#!/usr/bin/env node
import { ControlError } from "@ekm/mock-aws";
import { Command, CommanderError } from "commander";
import pc from "picocolors";
import { allCommands } from "./commands/all-commands.js";
import { EXIT, UsageError } from "./commands/exit-status.js";
import { readEnvironment } from "./environment.js";

const environment = readEnvironment();
const program = new Command("ekm-sim")
  .description("A simulated AWS, and experiments that show what the product makes of a customer's key failing.")
  .addHelpText(
    "after",
    `
Examples:
  ekm-sim up                                 the whole stack with demo accounts, for hands-on use
  ekm-sim run                                every experiment, on a stack of its own
  ekm-sim run key-disabled --lease 2         one of them
  ekm-sim account suspend 111122223333       in a simulator that runs (up or serve)
  ekm-sim fault add --operation Decrypt --error ThrottlingException --lasts 10s`,
  );
for (const command of allCommands(environment)) program.addCommand(command);
prepare(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Bad input is exit status 2 everywhere and says where help is; help and version are no errors. */
function prepare(command: Command, path = "ekm-sim"): void {
  command.exitOverride().showHelpAfterError(`See: ${path} --help`).showSuggestionAfterError();
  for (const child of command.commands) prepare(child, `${path} ${child.name()}`);
}

function report(error: unknown): number {
  // Commander has already said what is wrong.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
  const colour = pc.createColors(process.stderr.isTTY && pc.isColorSupported);
  const message = inWords(error);
  console.error(`${colour.red("error:")} ${message}`);
  return error instanceof UsageError || error instanceof ControlError ? EXIT.badInput : EXIT.harness;
}

function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  if (code === "ECONNREFUSED")
    return `nothing answers (${error.message}); is a simulator running? See ekm-sim up and ekm-sim serve`;
  if (code === "EADDRINUSE") return `the port is taken (${error.message}); is another one running?`;
  return error.message;
}
