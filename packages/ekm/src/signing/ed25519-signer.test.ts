import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ed25519Signer, verifyJws } from "./ed25519-signer.js";

describe("an Ed25519 signer", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");

  it("signs what its public key verifies, and names that key", async () => {
    const signer = ed25519Signer(privateKey);
    const jws = await signer.sign({ fromArn: "arn:aws:kms:…", n: 3 });
    expect(verifyJws(jws, publicKey)).toEqual({ fromArn: "arn:aws:kms:…", n: 3 });
    expect(JSON.parse(Buffer.from(jws.split(".")[0] ?? "", "base64url").toString())).toMatchObject({
      alg: "EdDSA",
      kid: signer.keyId,
    });
  });

  it("refuses a changed payload, another key, another algorithm and what is no JWS", async () => {
    const jws = await ed25519Signer(privateKey).sign({ n: 3 });
    const [header, , signature] = jws.split(".");
    const forged = Buffer.from(JSON.stringify({ n: 4 })).toString("base64url");
    expect(verifyJws(`${header}.${forged}.${signature}`, publicKey)).toBeNull();
    expect(verifyJws(jws, generateKeyPairSync("ed25519").publicKey)).toBeNull();
    expect(verifyJws(`${Buffer.from('{"alg":"none"}').toString("base64url")}.${forged}.`, publicKey)).toBeNull();
    expect(verifyJws("a.b", publicKey)).toBeNull();
    expect(verifyJws(`${jws}.x`, publicKey)).toBeNull();
  });

  it("takes no other kind of key", () => {
    expect(() => ed25519Signer(generateKeyPairSync("x25519").privateKey)).toThrow(TypeError);
    expect(() => ed25519Signer(publicKey)).toThrow(TypeError);
  });
});
