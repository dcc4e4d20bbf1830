import { z } from "zod";
import { experimentSchema } from "./schema.js";

/** The published JSON Schema of experiment files, for editors; committed beside the catalogue and checked against this by a test. */
export function experimentJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(experimentSchema, { io: "input", target: "draft-2020-12", reused: "ref" }), null, 2)}\n`;
}
