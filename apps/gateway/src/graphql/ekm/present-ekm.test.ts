import type { Account, AccountEkm } from "@ekm/ekm";
import { describe, expect, it } from "vitest";
import { presentEkm } from "./present-ekm.js";

const NOW = new Date("2026-03-01T12:00:00Z");
const accountIn = (ekm: AccountEkm): Account => ({ id: "acc_1", name: "Acme", createdAt: NOW, ekm, keyEpoch: 0, version: 1 });
const activation = { activatedAt: new Date("2026-01-01T00:00:00Z"), activatedBy: "sam" };
const key = {
  arn: "arn:aws:kms:eu-west-1:444455556666:key/0b0fdd10-1111-2222-3333-444455556666",
  multiRegion: false,
  enabledAt: NOW,
  warnings: [],
};
const acceptance = { version: "1", sha256: "00", acceptedBy: "ada", acceptedAt: NOW };

describe("the EKM settings", () => {
  it("do not exist before activation, nor after it has lapsed", () => {
    expect(presentEkm(accountIn({ status: "NOT_ACTIVATED" }), NOW)).toBeNull();
    expect(presentEkm(accountIn({ status: "NOT_ACTIVATED", lapsedAt: NOW }), NOW)).toBeNull();
    expect(presentEkm(accountIn({ status: "ACTIVATED", activation: { ...activation, expiresAt: NOW } }), NOW)).toBeNull();
  });

  it("have an expiry before enabling only", () => {
    const expiring = { ...activation, expiresAt: new Date(NOW.getTime() + 1) };
    expect(presentEkm(accountIn({ status: "ACTIVATED", activation: expiring }), NOW)).toMatchObject({
      status: "ACTIVATED",
      activationExpiresAt: expiring.expiresAt,
      key: null,
      acceptance: null,
    });
    const lapsing = { ...activation, expiresAt: NOW };
    expect(presentEkm(accountIn({ status: "ENABLED", activation: lapsing, key, acceptance }), NOW)).toMatchObject({
      status: "ENABLED",
      activationExpiresAt: null,
      key: { arn: key.arn, region: "eu-west-1", awsAccountId: "444455556666" },
      acceptance,
    });
  });

  it("show the current key while it is being replaced", () => {
    const ekm: AccountEkm = { status: "ROTATING", activation, key, acceptance, rotationId: "rot_1" };
    expect(presentEkm(accountIn(ekm), NOW)).toMatchObject({ status: "ROTATING", key: { arn: key.arn } });
  });
});
