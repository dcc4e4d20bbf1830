import { Command } from "commander";
import pc from "picocolors";
import { loadCatalogue } from "../experiments/catalogue.js";
import { formatProblem } from "../experiments/parse.js";
import { examples } from "./examples.js";
import { UsageError } from "./exit-status.js";

export function listCommand(): Command {
  return new Command("list")
    .description("the catalogue of experiments")
    .option("--json", "for programs: name, title, tags, proves, isolation, outcome")
    .addHelpText("after", examples("ekm-sim list --json | jq -r '.[].name'"))
    .action(async ({ json }: { json?: boolean }) => {
      const { experiments, problems } = await loadCatalogue();
      if (problems.length > 0) throw new UsageError(problems.map(formatProblem).join("\n"));
      if (json) {
        const rows = experiments.map(({ name, title, tags, proves, isolation, outcome }) => ({
          name,
          title,
          tags,
          proves,
          isolation,
          outcome,
        }));
        console.log(JSON.stringify(rows, null, 2));
        return;
      }
      const colour = pc.createColors(process.stdout.isTTY && pc.isColorSupported);
      const width = Math.max(...experiments.map(({ name }) => name.length));
      for (const { name, title, tags, proves } of experiments) {
        console.log(`${colour.bold(name.padEnd(width))}  ${title}`);
        console.log(
          `${" ".repeat(width)}  ${colour.dim(`${tags.join(", ")}${proves.length > 0 ? `; proves ${proves.join(", ")}` : ""}`)}`,
        );
      }
    });
}
