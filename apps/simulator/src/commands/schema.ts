import { Command } from "commander";
import { experimentJsonSchema } from "../experiments/json-schema.js";
import { examples } from "./examples.js";

export function schemaCommand(): Command {
  return new Command("schema")
    .description("print the JSON Schema of experiment files, for editors")
    .addHelpText("after", examples("ekm-sim schema > experiment.schema.json"))
    .action(() => void process.stdout.write(experimentJsonSchema()));
}
