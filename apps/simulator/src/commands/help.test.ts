// Whoever types a command wrongly learns from it: every command explains itself with an example, and every option with a text.
import type { Command } from "commander";
import { expect, it } from "vitest";
import { readEnvironment } from "../environment.js";
import { allCommands } from "./all-commands.js";

const environment = readEnvironment({});
const leaves = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap((child) => leaves(child));

function helpOf(command: Command): string {
  const parts: string[] = [];
  command.configureOutput({ writeOut: (text) => void parts.push(text), getOutHelpWidth: () => 120 }).outputHelp();
  return parts.join("");
}

const commands = allCommands(environment).flatMap(leaves);

it.each(commands.map((command) => [command.name(), command] as const))("%s", (name, command) => {
  const help = helpOf(command);
  expect(help).toMatch(new RegExp(`Examples:\\n {2}ekm-sim [\\w -]*\\b${name}\\b`));
  expect(command.description()).not.toBe("");
  for (const { flags, description } of command.options) expect(`${flags}: ${description}`).toMatch(/: .{4,}/);
  // An example shows no flag that the command does not have.
  const known = [...command.options.map(({ long }) => long), "--help"];
  const examples = help.slice(help.indexOf("Examples:"));
  for (const [flag] of examples.matchAll(/(?<= )--[a-z-]+/g)) expect(known).toContain(flag);
});
