import { beforeEach, describe, expect, it } from "vitest";
import { createMemoryPorts, type MemoryKey, type MemoryPorts } from "../../testing/index.js";
import type { Account } from "../accounts/account.js";
import type { ErrorCode } from "../errors/codes.js";
import { KEY_CHECKS, type KeyCheckName, type Verdict } from "./key-check.js";
import { runPreflight } from "./run-preflight.js";

const ACCOUNT: Account = {
  id: "acc_one",
  name: "One",
  createdAt: new Date(0),
  ekm: { status: "ACTIVATED", activation: { activatedAt: new Date(0), activatedBy: "support" } },
  keyEpoch: 1,
  version: 1,
};
const ENABLED_ELSEWHERE = (arn: string): Account => ({
  ...ACCOUNT,
  id: "acc_two",
  ekm: {
    status: "ENABLED",
    activation: { activatedAt: new Date(0), activatedBy: "support" },
    acceptance: { version: "v", sha256: "", acceptedBy: "a", acceptedAt: new Date(0) },
    key: { arn, multiRegion: false, enabledAt: new Date(0), warnings: [] },
  },
});

let ports: MemoryPorts;
let key: MemoryKey;
beforeEach(() => {
  ports = createMemoryPorts();
  key = ports.kms.addKey({ boundTo: ACCOUNT.id });
});

const run = (arn = key.arn) => runPreflight(ports, ACCOUNT, arn);
/** Only what is not PASS: `{ DESCRIBE: "FAIL KEY_MISMATCH" }`. */
async function verdicts(arn = key.arn): Promise<Partial<Record<KeyCheckName, string>>> {
  const { checks } = await run(arn);
  expect(checks.map((check) => check.check)).toEqual(KEY_CHECKS);
  const unusual = checks.filter((check) => check.verdict !== "PASS");
  return Object.fromEntries(unusual.map(({ check, verdict, code }) => [check, code ? `${verdict} ${code}` : verdict]));
}
const from = (first: KeyCheckName, verdict: Verdict = "SKIPPED") =>
  Object.fromEntries(KEY_CHECKS.slice(KEY_CHECKS.indexOf(first)).map((check) => [check, verdict]));

describe("preflight", () => {
  it("passes a key that is bound to the account", async () => {
    expect(await verdicts()).toEqual({});
    expect(await run()).toMatchObject({ usable: true, contextBound: true, key: { arn: key.arn } });
  });

  it("keeps the request ids of every call", async () => {
    const { awsRequestIds } = await run();
    expect(awsRequestIds).toHaveLength(ports.kms.calls.length);
  });

  it.each([
    ["alias/x", { ARN_FORM: "FAIL KEY_ALIAS_UNSUPPORTED", ...from("REGION") }],
    [
      "arn:aws:kms:sa-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      { REGION: "FAIL KEY_REGION_UNSUPPORTED", ...from("GENERATE_DATA_KEY") },
    ],
  ])("stops at the identifier %s without a call", async (text, expected) => {
    expect(await verdicts(text)).toEqual(expected);
    expect(ports.kms.calls).toEqual([]);
  });

  it("reveals nothing of a stranger's key, though its policy lets us describe it", async () => {
    key.boundTo = "acc_two";
    await ports.store.transaction((tx) => tx.accounts.insert(ENABLED_ELSEWHERE(key.arn)));
    const stranger = await run();
    const unknown = await run(key.arn.replace(/[0-9a-f]{12}$/, "000000000000"));
    expect(stranger.checks).toEqual(unknown.checks);
    expect(await verdicts()).toEqual({ GENERATE_DATA_KEY: "FAIL KEY_ACCESS_DENIED", ...from("DECRYPT") });
    expect(ports.kms.countOf("describeKey")).toBe(0);
  });

  const UNUSED = {
    DECRYPT: "SKIPPED",
    ENCRYPT: "SKIPPED",
    REENCRYPT: "SKIPPED",
    FOREIGN_CONTEXT_REFUSED: "SKIPPED",
    EMPTY_CONTEXT_REFUSED: "SKIPPED",
    KEY_NOT_TAKEN: "SKIPPED",
  };
  const { DECRYPT: _, ...UNOPENED } = UNUSED;
  const UNDESCRIBED = { KEY_STATE: "SKIPPED", KEY_TYPE: "SKIPPED", MULTI_REGION: "SKIPPED", KEY_NOT_TAKEN: "SKIPPED" };
  const TOO_WIDE = {
    FOREIGN_CONTEXT_REFUSED: "WARN KEY_POLICY_TOO_WIDE",
    EMPTY_CONTEXT_REFUSED: "WARN KEY_POLICY_TOO_WIDE",
  };
  const stopped = (code: ErrorCode) => ({ ...UNUSED, GENERATE_DATA_KEY: `FAIL ${code}`, KEY_STATE: `FAIL ${code}` });
  const ofAnotherKind = (code: ErrorCode) => ({
    ...UNUSED,
    GENERATE_DATA_KEY: "FAIL KEY_USAGE_UNSUPPORTED",
    KEY_TYPE: `FAIL ${code}`,
  });

  it.each<[string, Partial<MemoryKey>, Partial<Record<KeyCheckName, string>>, ErrorCode | undefined]>([
    ["a disabled key", { state: "Disabled" }, stopped("KEY_DISABLED"), "KEY_DISABLED"],
    ["a key pending deletion", { state: "PendingDeletion" }, stopped("KEY_PENDING_DELETION"), "KEY_PENDING_DELETION"],
    ["a key pending import", { state: "PendingImport" }, stopped("KEY_PENDING_IMPORT"), "KEY_PENDING_IMPORT"],
    ["an unavailable key", { state: "Unavailable" }, stopped("KEY_UNAVAILABLE"), "KEY_UNAVAILABLE"],
    ["an asymmetric key", { keySpec: "RSA_2048" }, ofAnotherKind("KEY_NOT_SYMMETRIC"), "KEY_NOT_SYMMETRIC"],
    [
      "a signing key",
      { keySpec: "RSA_2048", keyUsage: "SIGN_VERIFY" },
      ofAnotherKind("KEY_USAGE_UNSUPPORTED"),
      "KEY_USAGE_UNSUPPORTED",
    ],
    [
      "an HMAC key",
      { keySpec: "HMAC_256", keyUsage: "GENERATE_VERIFY_MAC" },
      ofAnotherKind("KEY_USAGE_UNSUPPORTED"),
      "KEY_USAGE_UNSUPPORTED",
    ],
    [
      "an external key that is off",
      { failWith: "EXTERNAL_KEY_DISABLED" },
      { ...UNUSED, GENERATE_DATA_KEY: "FAIL EXTERNAL_KEY_DISABLED" },
      "EXTERNAL_KEY_DISABLED",
    ],
    [
      "throttling",
      { failWith: "KMS_THROTTLED" },
      { ...UNUSED, ...UNDESCRIBED, DESCRIBE: "SKIPPED", GENERATE_DATA_KEY: "FAIL KMS_THROTTLED" },
      "KMS_THROTTLED",
    ],
    [
      "a KMS that opens to other bytes",
      { answers: "wrong-bytes" },
      { ...UNOPENED, DECRYPT: "FAIL KMS_ANSWER_INVALID" },
      "KMS_ANSWER_INVALID",
    ],
    [
      "a policy without DescribeKey",
      { describeDenied: true },
      { ...UNDESCRIBED, DESCRIBE: "FAIL KEY_ACCESS_DENIED" },
      "KEY_ACCESS_DENIED",
    ],
    [
      "a description of another key",
      { describedArn: "arn:other" },
      { ...UNDESCRIBED, DESCRIBE: "FAIL KEY_MISMATCH" },
      "KEY_MISMATCH",
    ],
    [
      "a policy without Encrypt",
      { encryptDenied: true },
      { ENCRYPT: "FAIL KEY_ACCESS_DENIED", KEY_NOT_TAKEN: "SKIPPED" },
      "KEY_ACCESS_DENIED",
    ],
    ["a policy without ReEncrypt, a warning", { reEncryptDenied: true }, { REENCRYPT: "WARN KEY_ACCESS_DENIED" }, undefined],
    ["a multi-Region key, a warning", { multiRegion: true }, { MULTI_REGION: "WARN" }, undefined],
    ["a policy without the condition, a warning", { boundTo: undefined }, TOO_WIDE, undefined],
  ])("judges %s", async (_, switches, expected, code) => {
    Object.assign(key, switches);
    expect(await verdicts()).toEqual(expected);
    const { decisive, usable } = await run();
    expect(decisive?.code).toBe(code);
    expect(usable).toBe(code === undefined);
  });

  it("tells when a key pending deletion will be gone", async () => {
    Object.assign(key, { state: "PendingDeletion", deletionDate: new Date("2026-03-01T00:00:00Z") });
    const { checks } = await run();
    expect(checks.find((check) => check.check === "KEY_STATE")?.message).toContain("2026-03-01");
  });

  it("warns, but does not fail, when a probe of the policy has no clear answer", async () => {
    ports.kms.hooks.before = (call) => {
      if (call.context?.["ekm:account"] !== ACCOUNT.id && call.operation === "generateDataKey") key.failWith = "KMS_INTERNAL";
      else key.failWith = undefined;
      key.boundTo = key.failWith ? undefined : ACCOUNT.id;
    };
    expect(await verdicts()).toEqual({
      FOREIGN_CONTEXT_REFUSED: "WARN KMS_INTERNAL",
      EMPTY_CONTEXT_REFUSED: "WARN KMS_INTERNAL",
    });
    expect((await run()).contextBound).toBe(false);
  });

  it("uses an account id that nobody has for the foreign context", async () => {
    await run();
    const foreign = ports.kms.calls.map((call) => call.context?.["ekm:account"]).filter((id) => id && id !== ACCOUNT.id);
    expect(foreign.length).toBeGreaterThan(0);
    for (const id of foreign) expect(await ports.store.read.accounts.byId(id as string)).toBeNull();
  });

  it("takes a key that another account uses only if the policy binds this one", async () => {
    await ports.store.transaction((tx) => tx.accounts.insert(ENABLED_ELSEWHERE(key.arn)));
    expect(await verdicts()).toEqual({ KEY_NOT_TAKEN: "WARN KEY_TAKEN" });
    key.boundTo = undefined;
    expect(await verdicts()).toEqual({ ...TOO_WIDE, KEY_NOT_TAKEN: "FAIL KEY_TAKEN" });
  });

  it("refuses a key of the service's own AWS account without using it", async () => {
    const vendor = await ports.vendorKeys.createKey("acc_two");
    if (!vendor.ok) throw new Error("no vendor key");
    ports.kms.calls.length = 0;
    expect(await verdicts(vendor.value.arn)).toEqual({
      ...UNUSED,
      ...UNDESCRIBED,
      DESCRIBE: "SKIPPED",
      GENERATE_DATA_KEY: "FAIL KEY_ACCESS_DENIED",
    });
    expect(ports.kms.calls.map((call) => call.operation)).toEqual(["describeKey"]);
    ports.kms.key(vendor.value.arn).manager = "AWS";
    expect((await run(vendor.value.arn)).decisive?.code).toBe("KEY_AWS_MANAGED");
  });

  it("sees a policy that binds only some operations as too wide", async () => {
    key.boundTo = undefined;
    const { generateDataKey } = ports.kms.keyService;
    ports.kms.keyService.generateDataKey = (arn, context) => {
      key.boundTo = ACCOUNT.id;
      const answer = generateDataKey(arn, context);
      return answer.finally(() => {
        key.boundTo = undefined;
      });
    };
    expect(await verdicts()).toEqual(TOO_WIDE);
  });
});
