import type { z } from "zod";
import { ControlError } from "./interface.js";

/** The body by its schema, or ControlError 400 that names every problem with its field. */
export function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`);
  throw new ControlError(400, problems.join("; "));
}
