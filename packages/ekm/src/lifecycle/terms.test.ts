import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { CURRENT_TERMS } from "./terms.js";

it("keeps the text of a published version as it was: whoever changes a word publishes a new version", () => {
  const published: Record<string, string> = {
    "2026-01": "30276ef2524f9ecb5060482a3e378c0d4bcc020b69a92f2415b015ddf8b87f6e",
  };
  expect(CURRENT_TERMS.sha256).toBe(createHash("sha256").update(CURRENT_TERMS.body).digest("hex"));
  expect(published[CURRENT_TERMS.version]).toBe(CURRENT_TERMS.sha256);
});

it("says what matters before it is accepted", () => {
  expect(CURRENT_TERMS.body).toContain("cannot be undone");
  expect(CURRENT_TERMS.body).toContain("If your key is destroyed, your backups are lost.");
});
