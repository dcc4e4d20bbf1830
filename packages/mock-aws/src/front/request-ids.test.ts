import { expect, it } from "vitest";
import { createRequestIds } from "./request-ids.js";

it("are UUIDs in form, and no two are the same, of one server or of several", () => {
  const servers = Array.from({ length: 3 }, createRequestIds);
  const ids = servers.flatMap((next) => Array.from({ length: 1000 }, next));
  expect(new Set(ids).size).toBe(3000);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
