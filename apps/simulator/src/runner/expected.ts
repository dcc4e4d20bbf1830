import type { Experiment } from "../experiments/schema.js";

/** In a few words, what the method expects: the statuses and codes that it names, each once, and whether it ends well. */
export function expectedInWords(experiment: Experiment): string {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const fields = value as Readonly<Record<string, unknown>>;
    const state = [fields["status"], fields["job"], fields["state"], fields["health"], fields["rotation"]].find(
      (field) => typeof field === "string",
    );
    const code = [fields["code"], fields["userError"], fields["requestError"]].find((field) => typeof field === "string");
    if (state !== undefined || code !== undefined) found.push([state, code].filter((part) => part !== undefined).join(" "));
    if ("none-after" in fields) found.push("no plaintext after the window");
    for (const [key, inner] of Object.entries(fields)) if (key !== "fault") visit(inner);
  };
  visit(experiment.method);
  const ending =
    experiment.outcome === "unrecoverable"
      ? ["then what is still promised"]
      : experiment.rollback.length > 0
        ? ["then recovers"]
        : [];
  return [...new Set(found), ...ending].join(", ");
}
