import { Command } from "commander";
import { loadFiles } from "../experiments/catalogue.js";
import { formatProblem } from "../experiments/parse.js";
import { examples } from "./examples.js";
import { UsageError } from "./exit-status.js";

export function validateCommand(): Command {
  return new Command("validate")
    .description("check experiment files; every mistake is named with file, line and field")
    .argument("<file...>", "YAML files")
    .addHelpText("after", examples("ekm-sim validate experiments/*.yaml"))
    .action(async (files: readonly string[]) => {
      const { experiments, problems } = await loadFiles(files);
      for (const { name } of experiments) console.log(`${name}: valid`);
      if (problems.length > 0) throw new UsageError(problems.map(formatProblem).join("\n"));
    });
}
