import { describe, expect, it } from "vitest";
import { readEnvironment } from "./environment.js";

const good = {
  EKM_DATABASE: "/data/ekm.sqlite",
  EKM_STORE_DIR: "/data/objects",
  EKM_ALLOWED_ROOTS: "/data/in/{account}:/data/out/{account}",
  EKM_RESTORE_ROOT: "/data/out/{account}",
  EKM_ALLOWED_REGIONS: "us-east-1, eu-west-1",
  EKM_SIGNING_KEY: "/data/signing-key.pem",
  AWS_REGION: "us-east-1",
  EKM_VENDOR_AWS_ACCOUNT_ID: "111122223333",
  EKM_VENDOR_PRINCIPAL_ARN: "arn:aws:iam::111122223333:role/ekm-service",
};

describe("the worker's environment", () => {
  it("fills in defaults and splits lists", () => {
    const env = readEnvironment(good);
    expect(env.EKM_KEY_LEASE_SECONDS).toBe(60);
    expect(env.EKM_ALLOWED_ROOTS).toEqual(["/data/in/{account}", "/data/out/{account}"]);
    expect(env.EKM_ALLOWED_REGIONS).toEqual(["us-east-1", "eu-west-1"]);
  });

  it("does not start with directories that all accounts share, unless it is told so, and says what to do", () => {
    const shared = { ...good, EKM_ALLOWED_ROOTS: "/data/in:/data/out", EKM_RESTORE_ROOT: "/data/out" };
    expect(() => readEnvironment(shared)).toThrow(/EKM_ALLOWED_ROOTS: must contain \{account\}.*EKM_SHARED_ROOTS=true/);
    expect(readEnvironment({ ...shared, EKM_SHARED_ROOTS: "true" })).toMatchObject({ EKM_RESTORE_ROOT: "/data/out" });
    expect(() => readEnvironment({ ...good, EKM_RESTORE_ROOT: "/elsewhere" })).toThrow("EKM_RESTORE_ROOT: must lie under");
  });

  it("takes a session per account only of a role", () => {
    const sessions = { ...good, EKM_ACCOUNT_SESSIONS: "true" };
    expect(readEnvironment(sessions)).toMatchObject({ EKM_ACCOUNT_SESSIONS: "true" });
    const user = { ...sessions, EKM_VENDOR_PRINCIPAL_ARN: "arn:aws:iam::111122223333:user/ekm" };
    expect(() => readEnvironment(user)).toThrow("EKM_VENDOR_PRINCIPAL_ARN: must be the ARN of a role");
    expect(readEnvironment({ ...user, EKM_ACCOUNT_SESSIONS: "false" })).toMatchObject({ EKM_ACCOUNT_SESSIONS: "false" });
  });

  it("names every problem at once", () => {
    const attempt = () =>
      readEnvironment({ ...good, EKM_DATABASE: "relative", EKM_VENDOR_AWS_ACCOUNT_ID: "12", EKM_KEY_LEASE_SECONDS: "301" });
    expect(attempt).toThrow(/EKM_DATABASE[\s\S]*EKM_VENDOR_AWS_ACCOUNT_ID[\s\S]*EKM_KEY_LEASE_SECONDS/);
  });
});
