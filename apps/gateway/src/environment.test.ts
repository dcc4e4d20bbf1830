import { describe, expect, it } from "vitest";
import { parseEnvironment } from "./environment.js";

const GOOD = {
  EKM_DATABASE: "/var/lib/ekm/ekm.sqlite",
  EKM_STORE_DIR: "/var/lib/ekm/objects",
  EKM_ALLOWED_ROOTS: "/data/{account}:/exports/{account}/",
  EKM_RESTORE_ROOT: "/exports/{account}/restores",
  AWS_REGION: "eu-west-1",
  EKM_VENDOR_AWS_ACCOUNT_ID: "111122223333",
  EKM_VENDOR_PRINCIPAL_ARN: "arn:aws:iam::111122223333:role/ekm",
  EKM_ALLOWED_REGIONS: "eu-west-1, us-east-1",
  EKM_JWT_ISSUER: "https://issuer.example.com",
  EKM_JWT_AUDIENCE: "ekm",
  EKM_JWKS: "/etc/ekm/jwks.json",
};

const problemsOf = (change: Record<string, string | undefined>) => {
  const result = parseEnvironment({ ...GOOD, ...change });
  return result.ok ? [] : result.problems;
};

describe("the environment", () => {
  it("has defaults for all that has a sensible one", () => {
    const result = parseEnvironment(GOOD);
    expect(result).toMatchObject({
      ok: true,
      value: {
        settings: {
          leaseSeconds: 60,
          healthIntervalSeconds: 60,
          databaseRetentionDays: 35,
          allowedRegions: ["eu-west-1", "us-east-1"],
        },
        http: { host: "127.0.0.1", port: 4000, corsOrigins: [], introspection: false },
        roots: { allowed: ["/data/{account}", "/exports/{account}/"], restore: "/exports/{account}/restores" },
        logLevel: "info",
      },
    });
    expect(result.ok && result.value.aws.credentials).toBeUndefined();
  });

  it("reports every problem at once", () => {
    const result = parseEnvironment({ EKM_PORT: "70000", EKM_KEY_LEASE_SECONDS: "0", EKM_VENDOR_AWS_ACCOUNT_ID: "12" });
    expect(result.ok ? [] : result.problems).toEqual([
      "EKM_DATABASE is missing: set it",
      "EKM_STORE_DIR is missing: set it",
      "EKM_ALLOWED_ROOTS is missing: set it",
      "EKM_RESTORE_ROOT is missing: set it",
      "AWS_REGION is missing: set it",
      "EKM_VENDOR_AWS_ACCOUNT_ID must be 12 digits",
      "EKM_VENDOR_PRINCIPAL_ARN is missing: set it",
      "EKM_ALLOWED_REGIONS is missing: set it",
      "EKM_KEY_LEASE_SECONDS must be a whole number from 1 to 300",
      "EKM_JWT_ISSUER is missing: set it",
      "EKM_JWT_AUDIENCE is missing: set it",
      "EKM_PORT must be a whole number from 0 to 65535",
    ]);
  });

  it("takes a session per account only of a role", () => {
    expect(problemsOf({ EKM_ACCOUNT_SESSIONS: "true" })).toEqual([]);
    for (const EKM_VENDOR_PRINCIPAL_ARN of [
      "arn:aws:iam::111122223333:user/ekm",
      "arn:aws:sts::111122223333:assumed-role/ekm/x",
    ]) {
      expect(problemsOf({ EKM_ACCOUNT_SESSIONS: "true", EKM_VENDOR_PRINCIPAL_ARN })).toEqual([
        expect.stringMatching(/^EKM_VENDOR_PRINCIPAL_ARN must be the ARN of a role/),
      ]);
      expect(problemsOf({ EKM_VENDOR_PRINCIPAL_ARN })).toEqual([]);
    }
  });

  it("takes an empty variable for an absent one", () => {
    expect(problemsOf({ EKM_DATABASE: "" })).toEqual(["EKM_DATABASE is missing: set it"]);
  });

  it("needs no key set where the issuer can be asked for it", () => {
    expect(problemsOf({ EKM_JWKS: "" })).toEqual([]);
    expect(problemsOf({ EKM_JWKS: "", EKM_JWT_ISSUER: "http://127.0.0.1:8080" })).toEqual([]);
    for (const EKM_JWT_ISSUER of ["http://issuer.example.com", "issuer.example.com", "http://127.evil.example.com"]) {
      expect(problemsOf({ EKM_JWKS: "", EKM_JWT_ISSUER })).toEqual([
        expect.stringMatching(/^EKM_JWT_ISSUER must be an https URL/),
      ]);
    }
  });

  it("does not start with directories that all accounts share, unless it is told so, and says what to do", () => {
    const shared = { EKM_ALLOWED_ROOTS: "/data:/exports", EKM_RESTORE_ROOT: "/exports/restores" };
    expect(problemsOf(shared)).toEqual([
      expect.stringMatching(/^EKM_ALLOWED_ROOTS must contain \{account\}.*EKM_SHARED_ROOTS=true/),
    ]);
    expect(problemsOf({ ...shared, EKM_SHARED_ROOTS: "true" })).toEqual([]);
  });

  it("never repeats a value, which may be a secret", () => {
    const problems = problemsOf({ AWS_SECRET_ACCESS_KEY: "hunter2", EKM_JWKS: "http://hunter2.example.com/jwks" });
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain("hunter2");
  });

  it.each([
    ["EKM_KEY_LEASE_SECONDS", "301"],
    ["EKM_KEY_LEASE_SECONDS", "1.5"],
    ["EKM_DATABASE", "ekm.sqlite"],
    ["EKM_RESTORE_ROOT", "/exports/{account}X"],
    ["EKM_RESTORE_ROOT", "/exports/restores"],
    ["EKM_ALLOWED_ROOTS", "/exports/{account}:/data"],
    ["EKM_SHARED_ROOTS", "yes"],
    ["EKM_ALLOWED_ROOTS", "/exports/{account}:data/{account}"],
    ["EKM_KMS_ENDPOINT", "file:///tmp"],
    ["EKM_CORS_ORIGINS", "*"],
    ["EKM_CORS_ORIGINS", "https://console.example.com/"],
    ["EKM_JWKS", "http://issuer.example.com/jwks"],
    ["EKM_LOG_LEVEL", "loud"],
    ["AWS_ACCESS_KEY_ID", "AKIA"],
  ])("refuses %s=%s", (name, value) => {
    expect(problemsOf({ [name]: value })).toHaveLength(1);
  });

  it.each([
    ["EKM_JWKS", "https://issuer.example.com/jwks"],
    ["EKM_JWKS", "http://127.0.0.1:4000/jwks"],
    ["EKM_KMS_ENDPOINT", "http://127.0.0.1:4566"],
    ["EKM_CORS_ORIGINS", "https://console.example.com,http://localhost:5173"],
    ["EKM_RESTORE_ROOT", "/exports/{account}"],
    ["EKM_PORT", "0"],
  ])("accepts %s=%s", (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([]);
  });
});
