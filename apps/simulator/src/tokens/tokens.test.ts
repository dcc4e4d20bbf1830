import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLocalJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDevelopmentIssuer, tokensFromKey } from "./development-issuer.js";
import { readTokenFile, tokensFromFile, writeTokenFile } from "./token-file.js";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "ekm-tokens-"));
});
afterAll(() => rm(root, { recursive: true }));

describe("the development issuer", () => {
  it("signs what its key set verifies: role and account, good for 12 hours", async () => {
    const issuer = await openDevelopmentIssuer(join(root, "a"));
    const keys = createLocalJWKSet(JSON.parse(await readFile(issuer.jwksFile, "utf8")));
    const { payload, protectedHeader } = await jwtVerify(await issuer.token("ACCOUNT_ADMIN", "acc-1"), keys, {
      issuer: issuer.issuer,
      audience: issuer.audience,
    });
    expect(protectedHeader.alg).toBe("ES256");
    expect(payload).toMatchObject({ "ekm:roles": ["ACCOUNT_ADMIN"], "ekm:account": "acc-1", sub: "account-admin@ekm.example" });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(12 * 3600);
    const support = await jwtVerify(await issuer.token("SUPPORT"), keys);
    expect(support.payload).not.toHaveProperty("ekm:account");
  });

  it("can be spoken for by whoever holds its private key, and by nobody else", async () => {
    const issuer = await openDevelopmentIssuer(join(root, "held"));
    const keys = createLocalJWKSet(JSON.parse(await readFile(issuer.jwksFile, "utf8")));
    const held = await tokensFromKey(join(root, "held", "issuer-key.json"));
    const { payload } = await jwtVerify(await held.token("BACKUP_OPERATOR", "acc-1"), keys, { issuer: issuer.issuer });
    expect(payload["ekm:account"]).toBe("acc-1");
    await expect(tokensFromKey(issuer.jwksFile)).rejects.toThrow("not the private key");
    await expect(tokensFromKey(join(root, "absent.json"))).rejects.toThrow("not the private key");
  });

  it("keeps its key across restarts, to itself, and publishes no private part", async () => {
    const first = await openDevelopmentIssuer(join(root, "b"));
    const token = await first.token("SUPPORT");
    const again = await openDevelopmentIssuer(join(root, "b"));
    const published = await readFile(again.jwksFile, "utf8");
    await jwtVerify(token, createLocalJWKSet(JSON.parse(published)));
    expect(JSON.parse(published).keys).toHaveLength(1);
    expect(published).not.toContain('"d"');
    expect((await stat(join(root, "b", "issuer-key.json"))).mode & 0o777).toBe(0o600);
  });
});

describe("a token file", () => {
  it("is readable by its owner alone, and answers by role and account", async () => {
    const path = join(root, "tokens.json");
    await writeTokenFile(path, { SUPPORT: "s", accounts: { "acc-1": { ACCOUNT_ADMIN: "a" } } });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const tokens = tokensFromFile(await readTokenFile(path));
    expect(await tokens.token("SUPPORT")).toBe("s");
    expect(await tokens.token("ACCOUNT_ADMIN", "acc-1")).toBe("a");
    expect(await tokens.token("BACKUP_OPERATOR", "acc-1")).toBeUndefined();
    expect(await tokens.token("ACCOUNT_ADMIN", "acc-2")).toBeUndefined();
  });
});
