import { Command } from "commander";
import { experimentJsonSchema } from "../experiments/json-schema.js";

export function schemaCommand(): Command {
  return new Command("schema")
    .description("print the JSON Schema of experiment files, for editors")
    .action(() => void process.stdout.write(experimentJsonSchema()));
}
