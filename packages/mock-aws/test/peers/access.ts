import { signRequest, timestampOf } from "../../src/front/sigv4/sign.js";
import { answerTo, type Bench, freshName, NO_KEY, nameOf, type Place, type Probe, policyOf, x } from "./probe.js";

const root = (accountId: string) => ({ Principal: { AWS: `arn:aws:iam::${accountId}:root` } });
const both = ({ owner, stranger }: Place) => policyOf(root(owner.accountId), root(stranger.accountId));

const DENIED_ABROAD = (action: string): string =>
  `AccessDeniedException: User: {caller} is not authorized to perform: kms:${action} on this resource because the resource does ` +
  "not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access";

/** A key of the owner's with a grant for the other account. */
async function granted({ owner, newKeyArn, place }: Bench, constraint?: Record<string, string>) {
  const KeyId = await newKeyArn();
  const { GrantId, GrantToken } = await owner.createGrant({
    KeyId,
    GranteePrincipal: `arn:aws:iam::${place.stranger.accountId}:root`,
    Operations: ["Encrypt", "DescribeKey"],
    ...(constraint === undefined ? {} : { Constraints: { EncryptionContextEquals: constraint } }),
  });
  return { KeyId, GrantId, GrantTokens: [GrantToken ?? ""] };
}

/** The `__type` that a raw request is answered. */
async function rawAnswer(url: string, headers: Record<string, string>, body: string): Promise<unknown> {
  const answer = await fetch(url, { method: "POST", headers, body });
  if (answer.ok) return "ok";
  const text = await answer.text();
  return /"__type": ?"(?:[^"#]*#)?(\w+)"/.exec(text)?.[1] ?? `status ${answer.status}`;
}

const listKeys = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "TrentService.ListKeys" };

function signedAt({ url, owner }: Place, date: Date): Record<string, string> {
  const token = owner.sessionToken === undefined ? {} : { "x-amz-security-token": owner.sessionToken };
  const headers = { ...listKeys, ...token, host: new URL(url).host };
  return signRequest(
    { method: "POST", path: "/", query: "", headers, body: "{}" },
    { ...owner, region: "us-east-1", service: "kms" },
    date,
  );
}

/** Signatures, accounts, policies and grants. */
export const ACCESS_PROBES: readonly Probe[] = [
  {
    id: "unsigned-request",
    aws: "a request without a signature: MissingAuthenticationTokenException",
    ask: ({ place }) => rawAnswer(place.url, listKeys, "{}"),
    wanted: "MissingAuthenticationTokenException",
  },
  {
    id: "unknown-access-key",
    aws: "an access key belongs to an account; an unknown one: UnrecognizedClientException",
    ask: ({ client }) => nameOf(client({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wrong" }).listKeys({})),
    wanted: "UnrecognizedClientException",
  },
  {
    id: "wrong-secret",
    aws: "a signature by another secret: InvalidSignatureException",
    ask: ({ client, place }) => nameOf(client({ ...place.owner, secretAccessKey: "wrong" }).listKeys({})),
    wanted: "InvalidSignatureException",
  },
  {
    id: "old-signature",
    aws: "a signature of an hour ago: InvalidSignatureException",
    ask: ({ place }) => {
      const then = new Date(Date.now() - 3_600_000);
      return rawAnswer(place.url, { ...signedAt(place, then), "x-amz-date": timestampOf(then) }, "{}");
    },
    wanted: "InvalidSignatureException",
  },
  {
    id: "explicit-deny",
    aws: "an explicit Deny in the key policy refuses",
    ask: async ({ owner, newKeyArn, place }) => {
      const Policy = policyOf(root(place.owner.accountId), { Effect: "Deny", Principal: "*", Action: "kms:Encrypt" });
      return nameOf(owner.encrypt({ KeyId: await newKeyArn({ Policy }), Plaintext: x }));
    },
    wanted: "AccessDeniedException",
  },
  {
    id: "context-condition",
    aws: "kms:EncryptionContext conditions of the key policy are enforced",
    ask: async ({ owner, newKeyArn, place }) => {
      const Condition = { StringEquals: { "kms:EncryptionContext:tenant": "acme" } };
      const Policy = policyOf(
        { ...root(place.owner.accountId), Action: undefined, NotAction: "kms:Encrypt" },
        { ...root(place.owner.accountId), Action: "kms:Encrypt", Condition },
      );
      const KeyId = await newKeyArn({ Policy });
      const seal = (tenant: string) => nameOf(owner.encrypt({ KeyId, Plaintext: x, EncryptionContext: { tenant } }));
      return [await seal("acme"), await seal("other")];
    },
    wanted: ["ok", "AccessDeniedException"],
  },
  {
    id: "malformed-policy",
    aws: "PutKeyPolicy of what is no policy: MalformedPolicyDocumentException",
    ask: async ({ owner, newKeyArn }) =>
      nameOf(owner.putKeyPolicy({ KeyId: await newKeyArn(), PolicyName: "default", Policy: "{" })),
    wanted: "MalformedPolicyDocumentException",
  },
  {
    id: "policy-lockout",
    aws: "a policy that locks its author out: MalformedPolicyDocumentException",
    ask: async ({ owner, newKeyArn, place }) =>
      answerTo(
        owner.putKeyPolicy({ KeyId: await newKeyArn(), PolicyName: "default", Policy: policyOf(root(place.stranger.accountId)) }),
      ),
    wanted: "MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.",
  },
  {
    id: "policy-name",
    aws: "PutKeyPolicy and GetKeyPolicy need no policy name",
    ask: async ({ owner, newKeyArn, place }) => {
      const KeyId = await newKeyArn();
      const Policy = policyOf(root(place.owner.accountId));
      await owner.putKeyPolicy({ KeyId, Policy });
      return (await owner.getKeyPolicy({ KeyId })).Policy === Policy;
    },
    wanted: true,
  },
  {
    id: "cross-account-open",
    aws: "another account needs a policy or a grant: AccessDeniedException",
    ask: async ({ stranger, newKeyArn }) => answerTo(stranger.encrypt({ KeyId: await newKeyArn(), Plaintext: x })),
    wanted: DENIED_ABROAD("Encrypt"),
  },
  {
    id: "cross-account-let-in",
    aws: "a key policy that names another account lets it in",
    ask: async ({ owner, stranger, newKeyArn, place }) => {
      const KeyId = await newKeyArn({ Policy: both(place) });
      const sealed = await answerTo(stranger.encrypt({ KeyId, Plaintext: x }));
      return [sealed, (await owner.describeKey({ KeyId })).KeyMetadata?.KeyState];
    },
    wanted: ["ok", "Enabled"],
  },
  {
    id: "cross-account-missing-key",
    aws: "a key that never was looks to strangers like one they may not use",
    ask: async ({ stranger, newKeyArn }) => {
      const KeyId = (await newKeyArn()).replace(/key\/.*/, `key/${NO_KEY}`);
      return answerTo(stranger.encrypt({ KeyId, Plaintext: x }));
    },
    wanted: DENIED_ABROAD("Encrypt"),
  },
  {
    id: "cross-account-decrypt-by-ciphertext",
    aws: "a ciphertext names its key, whoever owns it",
    ask: async ({ owner, stranger, newKeyArn, place }) => {
      const { CiphertextBlob } = await owner.encrypt({ KeyId: await newKeyArn({ Policy: both(place) }), Plaintext: x });
      return answerTo(stranger.decrypt({ CiphertextBlob }));
    },
    wanted: "ok",
  },
  {
    id: "cross-account-administration",
    aws: "GetKeyPolicy does not work across accounts, whatever the policy says",
    ask: async ({ stranger, newKeyArn, place }) =>
      nameOf(stranger.getKeyPolicy({ KeyId: await newKeyArn({ Policy: both(place) }) })),
    wanted: "AccessDeniedException",
  },
  {
    id: "cross-account-grant",
    aws: "a grant lets another account in, for what it lists and no more",
    ask: async (bench) => {
      const { KeyId, GrantTokens } = await granted(bench);
      const listed = await nameOf(bench.stranger.encrypt({ KeyId, Plaintext: x, GrantTokens }));
      return [listed, await nameOf(bench.stranger.generateDataKey({ KeyId, KeySpec: "AES_256", GrantTokens }))];
    },
    wanted: ["ok", "AccessDeniedException"],
  },
  {
    id: "grant-constraint",
    aws: "a grant's encryption context constraint is enforced",
    ask: async (bench) => {
      const { KeyId, GrantTokens } = await granted(bench, { tenant: "acme" });
      const seal = (tenant: string) =>
        nameOf(bench.stranger.encrypt({ KeyId, Plaintext: x, GrantTokens, EncryptionContext: { tenant } }));
      return [await seal("acme"), await seal("other")];
    },
    wanted: ["ok", "AccessDeniedException"],
  },
  {
    id: "grant-revoked",
    aws: "a grant that is revoked lets nobody in",
    ask: async (bench) => {
      const { KeyId, GrantId, GrantTokens } = await granted(bench);
      await bench.owner.revokeGrant({ KeyId, GrantId });
      return nameOf(bench.stranger.encrypt({ KeyId, Plaintext: x, GrantTokens }));
    },
    wanted: "AccessDeniedException",
  },
  {
    id: "grant-retired-by-anyone",
    aws: "a grant is retired only by whom it or its account lets",
    ask: async ({ owner, stranger, newKeyArn, place }) => {
      const GranteePrincipal = `arn:aws:iam::${place.owner.accountId}:root`;
      const { GrantToken } = await owner.createGrant({ KeyId: await newKeyArn(), GranteePrincipal, Operations: ["Encrypt"] });
      return nameOf(stranger.retireGrant({ GrantToken }));
    },
    wanted: "AccessDeniedException",
  },
  {
    id: "grant-same-again",
    aws: "CreateGrant with the same name and parameters answers the same grant",
    ask: async ({ owner, newKeyArn, place }) => {
      const input = {
        KeyId: await newKeyArn(),
        Name: "again",
        GranteePrincipal: `arn:aws:iam::${place.owner.accountId}:root`,
        Operations: ["Encrypt" as const],
      };
      const [first, second] = [await owner.createGrant(input), await owner.createGrant(input)];
      return first.GrantId === second.GrantId;
    },
    wanted: true,
  },
  {
    id: "grant-filter",
    aws: "ListGrants filters by grantee and pages",
    ask: async ({ owner, newKeyArn, place }) => {
      const KeyId = await newKeyArn();
      const grantee = (name: string) => `arn:aws:iam::${place.owner.accountId}:${name}`;
      for (const name of ["root", "user/admin", "root"]) {
        await owner.createGrant({ KeyId, GranteePrincipal: grantee(name), Operations: ["Encrypt"] }).catch(() => {});
      }
      const filtered = await owner.listGrants({ KeyId, GranteePrincipal: grantee("root") });
      const page = await owner.listGrants({ KeyId, Limit: 1 });
      return [filtered.Grants?.length, page.Grants?.length, page.Truncated];
    },
    wanted: [2, 1, true],
  },
  {
    id: "alias-where-key-is-needed",
    aws: "EnableKey and its like take no alias: NotFoundException",
    ask: async ({ owner, newKeyArn }) => {
      const AliasName = freshName();
      await owner.createAlias({ AliasName, TargetKeyId: await newKeyArn() });
      return nameOf(owner.enableKey({ KeyId: AliasName }));
    },
    wanted: "NotFoundException",
  },
];
