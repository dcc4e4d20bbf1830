// Invariant: whatever a caller sends, the answer is coded and says what to do, and nothing was changed by it.
import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AUDIENCE, createIssuer, ISSUER } from "./support/issuer.js";
import { type Stack, startStack } from "./support/stack.js";
import { tenantsOf } from "./support/tenants.js";

let stack: Stack;
let account: string;
let enabled: { account: string; key: string };
let source: string;
let backup: string;
let terms: string;

beforeAll(async () => {
  stack = await startStack({ EKM_PROBES_PER_MINUTE: "10000" });
  const tenants = tenantsOf(stack);
  account = await tenants.activated("Acme");
  enabled = await tenants.enabled("Umbra");
  source = await tenants.source(account);
  backup = await tenants.backup(account, source);
  await stack.dataPlane.runAll();
  terms = (await stack.as("ACCOUNT_ADMIN", account, "{ account { ekm { terms { version } } } }")).data.account.ekm.terms.version;
});
afterAll(async () => {
  await stack.close();
});

const admin = (query: string, variables?: object) => stack.as("ACCOUNT_ADMIN", account, query, variables);
const support = (query: string, variables?: object) => stack.as("SUPPORT", undefined, query, variables);
const ERRORS = "userErrors { code message remedy field }";

/** What every refusal of a request must look like. */
const userError = (code: string, field?: string) => [
  {
    code,
    message: expect.stringMatching(/\S/),
    remedy: expect.stringMatching(/\S/),
    field: field === undefined ? expect.anything() : ["input", field],
  },
];
const auditLength = async (of: string) =>
  (await stack.as("ACCOUNT_ADMIN", of, "{ account { auditLog(first: 1) { totalCount } } }")).data.account.auditLog.totalCount;

const ID = "1234abcd-12ab-34cd-56ef-1234567890ab";

describe.each([
  ["text", "hello", "KEY_ARN_INVALID"],
  ["nothing", "", "KEY_ARN_INVALID"],
  ["white space", " \t\n", "KEY_ARN_INVALID"],
  ["a bare key id", ID, "KEY_ARN_INVALID"],
  ["an ARN of another service", "arn:aws:s3:::bucket", "KEY_ARN_INVALID"],
  ["an account id of 11 digits", `arn:aws:kms:eu-west-1:11112222333:key/${ID}`, "KEY_ARN_INVALID"],
  ["an upper-case key id", `arn:aws:kms:eu-west-1:111122223333:key/${ID.toUpperCase()}`, "KEY_ARN_INVALID"],
  ["something behind the key id", `arn:aws:kms:eu-west-1:111122223333:key/${ID}/x`, "KEY_ARN_INVALID"],
  ["a space inside", `arn:aws:kms:eu-west-1: 111122223333:key/${ID}`, "KEY_ARN_INVALID"],
  ["a partition that does not match the Region", `arn:aws-cn:kms:eu-west-1:111122223333:key/${ID}`, "KEY_ARN_INVALID"],
  ["a control character", `arn:aws:kms:eu-west-1:111122223333:key/${ID}\u0000`, "KEY_ARN_INVALID"],
  ["look-alike digits", `arn:aws:kms:eu-west-1:１11122223333:key/${ID}`, "KEY_ARN_INVALID"],
  ["a long text", "a".repeat(4_000), "KEY_ARN_INVALID"],
  ["an alias", "alias/backup", "KEY_ALIAS_UNSUPPORTED"],
  ["the ARN of an alias", "arn:aws:kms:eu-west-1:111122223333:alias/backup", "KEY_ALIAS_UNSUPPORTED"],
  ["an alias of AWS", "alias/aws/s3", "KEY_AWS_MANAGED"],
  ["the ARN of an alias of AWS", "arn:aws:kms:eu-west-1:111122223333:alias/aws/s3", "KEY_AWS_MANAGED"],
  ["a key of Azure", "https://contoso.vault.azure.net/keys/backup/78deebed173b48e48f55abf87ed4cf71", "KEY_PROVIDER_UNSUPPORTED"],
  ["a key of Google", "projects/p/locations/global/keyRings/r/cryptoKeys/k", "KEY_PROVIDER_UNSUPPORTED"],
  ["a Region off the list", `arn:aws:kms:ap-south-1:111122223333:key/${ID}`, "KEY_REGION_UNSUPPORTED"],
  ["a host name for a Region", `arn:aws:kms:eu-west-1.evil.example:111122223333:key/${ID}`, "KEY_REGION_UNSUPPORTED"],
])("%s in place of a key's ARN", (_what, keyArn, code) => {
  const failed = (checks: { verdict: string }[]) => checks.filter(({ verdict }) => verdict === "FAIL");

  it(`fails a check of validateKmsKey with ${code}`, async () => {
    const { data, errors } = await admin(
      `mutation ($keyArn: String!) { validateKmsKey(input: { keyArn: $keyArn }) { usable checks { verdict code remedy } ${ERRORS} } }`,
      { keyArn },
    );
    expect(errors).toEqual([]);
    expect(data.validateKmsKey).toMatchObject({ usable: false, userErrors: [] });
    expect(failed(data.validateKmsKey.checks)).toEqual([{ verdict: "FAIL", code, remedy: expect.stringMatching(/\S/) }]);
  });

  it(`is refused by enableEkm with ${code}, and nothing is enabled`, async () => {
    const { data } = await admin(
      `mutation ($keyArn: String!, $terms: String!) {
        enableEkm(input: { keyArn: $keyArn, acceptedTermsVersion: $terms, confirmIrreversible: true }) { account { id } ${ERRORS} }
      }`,
      { keyArn, terms },
    );
    expect(data.enableEkm).toEqual({ account: null, userErrors: userError(code, "keyArn") });
    expect((await admin("{ account { keyManagement } }")).data.account.keyManagement).toBe("CLOUD");
  });

  it(`is refused by rotateEkmKey with ${code}, and nothing is rotated`, async () => {
    const { data } = await stack.as(
      "ACCOUNT_ADMIN",
      enabled.account,
      `mutation ($keyArn: String!) { rotateEkmKey(input: { keyArn: $keyArn }) { rotation { id } ${ERRORS} } }`,
      { keyArn },
    );
    expect(data.rotateEkmKey).toEqual({ rotation: null, userErrors: userError(code, "keyArn") });
    const { ekm } = (await stack.as("ACCOUNT_ADMIN", enabled.account, "{ account { ekm { status activeRotation { id } } } }"))
      .data.account;
    expect(ekm).toEqual({ status: "ENABLED", activeRotation: null });
  });
});

describe("a key's ARN", () => {
  it("may have spaces and line breaks round it", async () => {
    const key = await tenantsOf(stack).grantedKey(account);
    for (const keyArn of [` ${key}`, `${key}\n`, `\t${key}\r\n `]) {
      const { data } = await admin("mutation ($keyArn: String!) { validateKmsKey(input: { keyArn: $keyArn }) { usable } }", {
        keyArn,
      });
      expect([keyArn, data.validateKmsKey.usable]).toEqual([keyArn, true]);
    }
  });

  it("that is the current key's, spaces or not, is KEY_UNCHANGED", async () => {
    const { data } = await stack.as(
      "ACCOUNT_ADMIN",
      enabled.account,
      `mutation ($keyArn: String!) { rotateEkmKey(input: { keyArn: $keyArn }) { ${ERRORS} } }`,
      { keyArn: ` ${enabled.key} ` },
    );
    expect(data.rotateEkmKey.userErrors).toEqual(userError("KEY_UNCHANGED", "keyArn"));
  });
});

describe("the wrong version of the terms", () => {
  it.each([
    ["none", () => "", "TERMS_NOT_ACCEPTED"],
    ["white space", () => "  ", "TERMS_NOT_ACCEPTED"],
    ["an older one", () => "1999-01", "TERMS_VERSION_OUTDATED"],
    ["the current one and more", () => `${terms}.1`, "TERMS_VERSION_OUTDATED"],
    ["a control character", () => `${terms}\u0007`, "TERMS_VERSION_OUTDATED"],
  ])("(%s) enables nothing", async (_what, version, code) => {
    const before = await auditLength(account);
    const { data } = await admin(
      `mutation ($version: String!) {
        enableEkm(input: { keyArn: "arn:aws:kms:eu-west-1:111122223333:key/${ID}", acceptedTermsVersion: $version, confirmIrreversible: true }) { account { id } ${ERRORS} }
      }`,
      { version: version() },
    );
    expect(data.enableEkm).toEqual({ account: null, userErrors: userError(code, "acceptedTermsVersion") });
    expect(await auditLength(account)).toBe(before);
  });
});

describe("a path that leads out of the allowed roots", () => {
  let outside: string;
  beforeAll(async () => {
    outside = path.join(path.dirname(stack.data), "outside");
    await mkdir(path.join(outside, "secret"), { recursive: true });
    await writeFile(path.join(outside, "secret", "file"), "x");
    await writeFile(path.join(stack.data, "file"), "x");
    await symlink(outside, path.join(stack.data, "way-out"));
    await symlink("/etc", path.join(stack.data, "etc"));
    await symlink("nowhere", path.join(stack.data, "dangling"));
  });

  const PATHS: readonly [what: string, at: () => string][] = [
    ["the root itself", () => stack.data],
    ["/", () => "/"],
    ["a relative path", () => "crm"],
    ["one that begins with ~", () => "~/crm"],
    ["a URL", () => `file://${stack.data}/crm`],
    ["a path beside", () => outside],
    ["a sibling that begins alike", () => `${stack.data}-more/crm`],
    ["..", () => `${stack.data}/..`],
    ["../ in the middle", () => `${stack.data}/crm/../../outside`],
    ["../ that comes back", () => `${stack.data}/../data/crm`],
    ["a percent-encoded ..", () => `${stack.data}/%2e%2e/outside`],
    ["a symbolic link out", () => `${stack.data}/way-out`],
    ["what is behind a symbolic link", () => `${stack.data}/way-out/secret`],
    ["a link to the system", () => `${stack.data}/etc`],
    ["a dangling link", () => `${stack.data}/dangling/x`],
    ["a file", () => `${stack.data}/file/x`],
    ["a null byte", () => `${stack.data}/crm\u0000`],
    ["a line break inside", () => `${stack.data}/c\nrm`],
    ["5,000 characters", () => `${stack.data}/${"x".repeat(5_000)}`],
  ];

  it.each(PATHS)("is refused as a source's location: %s", async (_what, at) => {
    const { data, errors } = await admin(
      `mutation ($location: String!) { registerBackupSource(input: { name: "x", kind: DIRECTORY, location: $location }) { source { id } ${ERRORS} } }`,
      { location: at() },
    );
    expect(errors).toEqual([]);
    expect(data.registerBackupSource.source).toBeNull();
    expect(data.registerBackupSource.userErrors).toEqual(
      userError(expect.stringMatching(/^(INPUT_INVALID|SOURCE_UNAVAILABLE)$/) as unknown as string, "location"),
    );
  });

  it.each(PATHS)("is refused as a restore's target: %s", async (_what, at) => {
    const { data, errors } = await admin(
      `mutation ($backup: ID!, $target: String!) { startRestore(input: { backupId: $backup, target: $target, overwrite: true }) { restore { id } ${ERRORS} } }`,
      { backup, target: at() },
    );
    expect(errors).toEqual([]);
    expect(data.startRestore.restore).toBeNull();
    expect(data.startRestore.userErrors).toEqual(
      userError(expect.stringMatching(/^(INPUT_INVALID|RESTORE_TARGET_INVALID)$/) as unknown as string, "target"),
    );
  });

  it("would have been accepted within them", async () => {
    const { data } = await admin(
      `mutation ($backup: ID!, $target: String!) { startRestore(input: { backupId: $backup, target: $target }) { restore { target status } ${ERRORS} } }`,
      { backup, target: `${stack.data}/restores/fine` },
    );
    expect(data.startRestore).toEqual({ restore: { target: `${stack.data}/restores/fine`, status: "QUEUED" }, userErrors: [] });
  });

  it("is refused alike whether or not something is there", async () => {
    const refusal = async (location: string) =>
      (
        await admin(
          `mutation ($location: String!) { registerBackupSource(input: { name: "x", kind: DIRECTORY, location: $location }) { ${ERRORS} } }`,
          { location },
        )
      ).data.registerBackupSource;
    expect(await refusal(path.join(outside, "secret"))).toEqual(await refusal(path.join(outside, "missing")));
  });
});

describe("texts", () => {
  const TEXTS: readonly [name: string, ask: (text: string) => ReturnType<typeof admin>, field: string][] = [
    [
      "an account's name",
      (t) => support(`mutation ($t: String!) { it: createAccount(input: { name: $t }) { ${ERRORS} } }`, { t }),
      "name",
    ],
    [
      "a ticket",
      (t) =>
        support(`mutation ($t: String, $id: ID!) { it: activateEkm(input: { accountId: $id, ticket: $t }) { ${ERRORS} } }`, {
          t,
          id: account,
        }),
      "ticket",
    ],
    [
      "the reason of a withdrawal",
      (t) =>
        support(
          `mutation ($t: String!, $id: ID!) { it: withdrawEkmActivation(input: { accountId: $id, reason: $t }) { ${ERRORS} } }`,
          { t, id: account },
        ),
      "reason",
    ],
    [
      "a source's name",
      (t) =>
        admin(
          `mutation ($t: String!, $l: String!) { it: registerBackupSource(input: { name: $t, kind: DIRECTORY, location: $l }) { ${ERRORS} } }`,
          { t, l: `${stack.data}/crm` },
        ),
      "name",
    ],
    [
      "the reason of a lock",
      (t) => admin(`mutation ($t: String!) { it: lockAccountKeys(input: { reason: $t }) { ${ERRORS} } }`, { t }),
      "reason",
    ],
    [
      "the reason of an unlock",
      (t) => admin(`mutation ($t: String!) { it: unlockAccountKeys(input: { reason: $t }) { ${ERRORS} } }`, { t }),
      "reason",
    ],
    [
      "an idempotency key",
      (t) =>
        support(`mutation ($t: String) { it: createAccount(input: { name: "x", idempotencyKey: $t }) { ${ERRORS} } }`, { t }),
      "idempotencyKey",
    ],
  ];
  const BAD: readonly [what: string, text: string][] = [
    ["empty", ""],
    ["of 600 characters", "x".repeat(600)],
    ["with a null byte", "a\u0000b"],
    ["with an escape sequence", "a\u001b[2Jb"],
    ["with a line break", "a\nb"],
    ["with a C1 control", "a\u0085b"],
  ];

  it.each(TEXTS.flatMap(([name, ask, field]) => BAD.map(([what, text]) => ({ name, what, ask, field, text }))))(
    "$name: $what is INPUT_INVALID",
    async ({ ask, field, text }) => {
      const { data, errors } = await ask(text);
      expect(errors).toEqual([]);
      expect(data.it.userErrors).toEqual(userError("INPUT_INVALID", field));
    },
  );

  it.each(TEXTS.map(([name, ask]) => ({ name, ask })))("$name of 50,000 characters is not let in", async ({ ask }) => {
    const { data, errors, headers } = await ask("x".repeat(50_000));
    expect(Object.values(data ?? {}).filter((value) => value !== null)).toEqual([]);
    expect(errors[0]).toMatchObject({
      message: expect.stringContaining("characters"),
      extensions: { code: "BAD_USER_INPUT", requestId: headers.get("x-request-id") },
    });
  });

  it("no bad text has changed anything", async () => {
    const { data } = await admin("{ account { name keyLock { reason } ekm { status } sources { totalCount } } }");
    expect(data.account).toEqual({ name: "Acme", keyLock: null, ekm: { status: "ACTIVATED" }, sources: { totalCount: "1" } });
  });

  it.each(["%", "_", "'; DROP TABLE account; --", "\\"])("%j is searched for as it stands", async (search) => {
    const { data, errors } = await support(
      "query ($search: String) { accounts(filter: { search: $search }) { nodes { name } } }",
      { search },
    );
    expect(errors).toEqual([]);
    expect(data.accounts.nodes).toEqual([]);
  });

  it("a control character is not searched for", async () => {
    const { data, errors } = await support('{ accounts(filter: { search: "\\u0000" }) { nodes { name } } }');
    expect(data).toBeNull();
    expect(errors[0]).toMatchObject({ message: expect.stringContaining("control"), extensions: { code: "BAD_USER_INPUT" } });
  });
});

describe("a number out of bounds", () => {
  it.each([
    [
      "expiresInDays: 0",
      "expiresInDays",
      () =>
        support(`mutation ($id: ID!) { it: activateEkm(input: { accountId: $id, expiresInDays: 0 }) { ${ERRORS} } }`, {
          id: account,
        }),
    ],
    [
      "expiresInDays: 1000000",
      "expiresInDays",
      () =>
        support(`mutation ($id: ID!) { it: activateEkm(input: { accountId: $id, expiresInDays: 1000000 }) { ${ERRORS} } }`, {
          id: account,
        }),
    ],
    [
      "maxBytesPerSecond: 0",
      "maxBytesPerSecond",
      () =>
        admin(`mutation ($id: ID!) { it: startBackup(input: { sourceId: $id, maxBytesPerSecond: "0" }) { ${ERRORS} } }`, {
          id: source,
        }),
    ],
    [
      "maxBytesPerSecond: -1",
      "maxBytesPerSecond",
      () =>
        admin(`mutation ($id: ID!) { it: startBackup(input: { sourceId: $id, maxBytesPerSecond: "-1" }) { ${ERRORS} } }`, {
          id: source,
        }),
    ],
    [
      "samplePercent: 0",
      "samplePercent",
      () => admin(`mutation { it: startVerification(input: { backupId: "x", samplePercent: 0 }) { ${ERRORS} } }`),
    ],
    [
      "samplePercent: 101",
      "samplePercent",
      () => admin(`mutation { it: startVerification(input: { backupId: "x", samplePercent: 101 }) { ${ERRORS} } }`),
    ],
  ])("%s is INPUT_INVALID", async (_what, field, ask) => {
    const { data, errors } = await ask();
    expect(errors).toEqual([]);
    expect(data.it.userErrors).toEqual(userError("INPUT_INVALID", field));
  });
});

describe("a token", () => {
  const forged = async () => (await createIssuer()).token({ account });
  const unsigned = (): string => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = {
      sub: "eve",
      iss: ISSUER,
      aud: AUDIENCE,
      exp: 9_999_999_999,
      "ekm:roles": ["ACCOUNT_ADMIN"],
      "ekm:account": account,
    };
    return `${part({ alg: "none" })}.${part(claims)}.`;
  };
  /** The public key, which everybody has, taken for a shared secret. */
  const confused = () =>
    new SignJWT({ "ekm:roles": ["ACCOUNT_ADMIN"], "ekm:account": account })
      .setProtectedHeader({ alg: "HS256", kid: "k1" })
      .setSubject("eve")
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime("1h")
      .sign(Buffer.from(JSON.stringify(stack.issuer.publicJwk)));

  it.each<[string, () => string | Promise<string>]>([
    ["expired", () => stack.issuer.token({ account, expiresIn: -60 })],
    ["without an end", () => stack.issuer.token({ account, expiresIn: null })],
    ["signed by somebody else", forged],
    ["signed by nobody", unsigned],
    ["signed with the public key", confused],
    ["of another issuer", () => stack.issuer.token({ account, issuer: "https://other.test" })],
    ["for another service", () => stack.issuer.token({ account, audience: "other" })],
    ["cut short", async () => (await stack.issuer.token({ account })).slice(0, -10)],
    ["of 10,000 characters", () => "a".repeat(10_000)],
  ])("that is %s opens nothing", async (_what, token) => {
    const { status, data, errors, headers } = await stack.ask(
      'mutation { lockAccountKeys(input: { reason: "x" }) { account { id } } }',
      {
        token: await token(),
      },
    );
    expect([status, data, errors.map(({ extensions }) => extensions)]).toEqual([
      401,
      null,
      [{ code: "UNAUTHENTICATED", requestId: headers.get("x-request-id") }],
    ]);
    expect((await admin("{ account { keyLock { reason } } }")).data.account.keyLock).toBeNull();
  });
});
