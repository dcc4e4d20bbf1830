/**
 * State × operation × caller, written out from AWS's table of key states and API reference, independently of the code's own. The
 * test asserts every cell; docs/kms-fidelity.md is written from it.
 */
import { type AnswerName, type CallerName, STATES } from "./answers.js";

export interface Subject {
  readonly arn: string;
  /** Another key of the same kind and owner, Enabled. */
  readonly other: string;
  readonly context: Readonly<Record<string, string>>;
  readonly ciphertext: string;
  /** A key of the caller's own, and what it encrypted with `sourceContext`. */
  readonly source: string;
  readonly ciphertextOfSource: string;
  readonly sourceContext: Readonly<Record<string, string>>;
  readonly signature: string;
  readonly mac: string;
  readonly grantId: string;
  /** `alias/..`: of this key, and of the other one. */
  readonly alias: string;
  readonly aliasOfOther: string;
  readonly policy: string;
  readonly importToken: string;
  readonly wrappedMaterial: string;
  readonly peerPublicKey: string;
}

export type Kind = "symmetric" | "pair" | "hmac" | "agreement" | "imported" | "multi-Region";

export interface Row {
  readonly name: string;
  readonly operation: string;
  /** Of the permission, where it is not the operation's name. */
  readonly action?: string;
  readonly kind: Kind;
  readonly input: (subject: Subject) => Readonly<Record<string, unknown>>;
  /** By state, in the order of STATES, for the key's owner. */
  readonly owner: readonly AnswerName[];
  /** Works across accounts, where the policy lets in. */
  readonly crossAccount?: true;
  /** Carries an encryption context, on which the policy may condition. */
  readonly withContext?: true;
  /** What a foreign caller is answered where it is not `denied`. */
  readonly foreign?: AnswerName;
  /** Which cells AWS's documents leave open. */
  readonly assumed?: string;
}

/** In the order of STATES: Enabled, Disabled, PendingDeletion, its replica form, PendingImport, Unavailable, Creating, Updating, Deleted. */
const CRYPTOGRAPHIC = ["ok", 1, 3, 3, 5, 11, 14, "ok", "gone"] as const;
const GRANT = ["ok", 1, 3, 3, 5, "ok", 14, "ok", "gone"] as const;
const ALWAYS = ["ok", "ok", "ok", "ok", "ok", "ok", "ok", "ok", "gone"] as const;
const SWITCH = ["ok", "ok", 3, 3, 5, "ok", 14, 15, "gone"] as const;
const SCHEDULE = ["ok", "ok", 3, 3, "ok", "ok", "ok", 15, "gone"] as const;
const CANCEL = [4, 4, "ok", "ok", 4, 4, 4, 4, "gone"] as const;
const DESCRIPTIVE = ["ok", "ok", 3, 3, "ok", "ok", "ok", "ok", "gone"] as const;
const ROTATION = ["ok", 1, 3, 3, 5, 11, 14, 15, "gone"] as const;
const PRIMARY = ["ok", 1, 3, 3, 5, 11, 14, 15, "gone"] as const;

const x = Buffer.from("x").toString("base64");
const key = ({ arn }: Subject) => ({ KeyId: arn });
const encryption = ({ arn, context }: Subject) => ({ KeyId: arn, EncryptionContext: context });
const grantee = { GranteePrincipal: "arn:aws:iam::111122223333:user/admin", Operations: ["Encrypt"] };
const signing = { Message: x, SigningAlgorithm: "ECDSA_SHA_256" };
const hmac = { Message: x, MacAlgorithm: "HMAC_SHA_256" };
const parameters = { WrappingAlgorithm: "RSAES_OAEP_SHA_256", WrappingKeySpec: "RSA_2048" };

const cryptographic = (operation: string, input: Row["input"]): Row => ({
  name: operation,
  operation,
  kind: "symmetric",
  input,
  owner: CRYPTOGRAPHIC,
  crossAccount: true,
  withContext: true,
});
const own = (operation: string, owner: readonly AnswerName[], input: Row["input"], more: Partial<Row> = {}): Row => ({
  name: operation,
  operation,
  kind: "symmetric",
  input,
  owner,
  ...more,
});
const usage = { assumed: "PendingImport and Unavailable are not in AWS's table for these kinds of key" };

export const ROWS: readonly Row[] = [
  cryptographic("Encrypt", (at) => ({ ...encryption(at), Plaintext: x })),
  cryptographic("Decrypt", (at) => ({ ...encryption(at), CiphertextBlob: at.ciphertext })),
  cryptographic("GenerateDataKey", (at) => ({ ...encryption(at), KeySpec: "AES_256" })),
  cryptographic("GenerateDataKeyWithoutPlaintext", (at) => ({ ...encryption(at), KeySpec: "AES_256" })),
  cryptographic("GenerateDataKeyPair", (at) => ({ ...encryption(at), KeyPairSpec: "ECC_NIST_P256" })),
  cryptographic("GenerateDataKeyPairWithoutPlaintext", (at) => ({ ...encryption(at), KeyPairSpec: "ECC_NIST_P256" })),
  {
    ...cryptographic("ReEncrypt", (at) => ({
      CiphertextBlob: at.ciphertext,
      SourceKeyId: at.arn,
      SourceEncryptionContext: at.context,
      DestinationKeyId: at.other,
      DestinationEncryptionContext: at.context,
    })),
    name: "ReEncrypt from the key",
    action: "ReEncryptFrom",
  },
  {
    ...cryptographic("ReEncrypt", (at) => ({
      CiphertextBlob: at.ciphertextOfSource,
      SourceKeyId: at.source,
      SourceEncryptionContext: at.sourceContext,
      DestinationKeyId: at.arn,
      DestinationEncryptionContext: at.context,
    })),
    name: "ReEncrypt to the key",
    action: "ReEncryptTo",
  },
  own("Sign", CRYPTOGRAPHIC, (at) => ({ ...key(at), ...signing }), { kind: "pair", crossAccount: true, ...usage }),
  own("Verify", CRYPTOGRAPHIC, (at) => ({ ...key(at), ...signing, Signature: at.signature }), {
    kind: "pair",
    crossAccount: true,
    ...usage,
  }),
  own("GetPublicKey", CRYPTOGRAPHIC, key, { kind: "pair", crossAccount: true, ...usage }),
  own("GenerateMac", CRYPTOGRAPHIC, (at) => ({ ...key(at), ...hmac }), { kind: "hmac", crossAccount: true, ...usage }),
  own("VerifyMac", CRYPTOGRAPHIC, (at) => ({ ...key(at), ...hmac, Mac: at.mac }), { kind: "hmac", crossAccount: true, ...usage }),
  own("DeriveSharedSecret", CRYPTOGRAPHIC, (at) => ({ ...key(at), KeyAgreementAlgorithm: "ECDH", PublicKey: at.peerPublicKey }), {
    kind: "agreement",
    crossAccount: true,
    ...usage,
  }),
  own("DescribeKey", ALWAYS, key, { crossAccount: true }),
  own("GetKeyPolicy", ALWAYS, key),
  own("PutKeyPolicy", ALWAYS, (at) => ({ ...key(at), Policy: at.policy })),
  own("ListKeyPolicies", ALWAYS, key),
  own("ListResourceTags", ALWAYS, key),
  own("ListAliases", ALWAYS, key, { name: "ListAliases of the key", action: "DescribeKey" }),
  own("ListGrants", ALWAYS, key, { crossAccount: true }),
  own("CreateGrant", GRANT, (at) => ({ ...key(at), ...grantee }), { crossAccount: true }),
  own("RevokeGrant", ALWAYS, (at) => ({ ...key(at), GrantId: at.grantId }), { crossAccount: true }),
  own("RetireGrant", ALWAYS, (at) => ({ ...key(at), GrantId: at.grantId }), {
    assumed: "across accounts it hangs on the grant alone: see the tests of grants; here the caller is no party to it",
  }),
  own("EnableKey", SWITCH, key),
  own("DisableKey", SWITCH, key),
  own("ScheduleKeyDeletion", SCHEDULE, (at) => ({ ...key(at), PendingWindowInDays: 7 })),
  own("CancelKeyDeletion", CANCEL, key),
  own("CreateAlias", DESCRIPTIVE, (at) => ({ TargetKeyId: at.arn, AliasName: `${at.alias}-new` })),
  own("UpdateAlias", DESCRIPTIVE, (at) => ({ TargetKeyId: at.arn, AliasName: at.aliasOfOther }), {
    name: "UpdateAlias to the key",
  }),
  own("UpdateAlias", [...ALWAYS.slice(0, 8), "no alias"], (at) => ({ TargetKeyId: at.other, AliasName: at.alias }), {
    name: "UpdateAlias away from the key",
    assumed: "an alias goes with its key",
  }),
  own("DeleteAlias", [...ALWAYS.slice(0, 8), "no alias"], (at) => ({ AliasName: at.alias }), {
    foreign: "no alias",
    assumed: "an alias goes with its key; a bare alias means the caller's own account",
  }),
  own("TagResource", DESCRIPTIVE, (at) => ({ ...key(at), Tags: [{ TagKey: "a", TagValue: "b" }] })),
  own("UntagResource", DESCRIPTIVE, (at) => ({ ...key(at), TagKeys: ["a"] })),
  own("UpdateKeyDescription", DESCRIPTIVE, (at) => ({ ...key(at), Description: "new" })),
  own("EnableKeyRotation", ROTATION, key, {
    assumed: "PendingImport, Unavailable and Updating, which a key that KMS rotates is not in",
  }),
  own("DisableKeyRotation", ROTATION, key, {
    assumed: "PendingImport, Unavailable and Updating, which a key that KMS rotates is not in",
  }),
  own("GetKeyRotationStatus", ALWAYS, key, { crossAccount: true, assumed: "Unavailable, Creating and Updating" }),
  own("GetKeyRotationStatus", [6, 6, 6, 6, 6, 6, 6, 6, "gone"], key, {
    kind: "imported",
    name: "GetKeyRotationStatus, imported material",
    crossAccount: true,
  }),
  own("ListKeyRotations", ALWAYS, key, { assumed: "all but Enabled" }),
  own("RotateKeyOnDemand", ROTATION, key, { assumed: "PendingDeletion and Unavailable" }),
  own("GetParametersForImport", ["ok", "ok", 3, 3, "ok", 11, 14, 15, "gone"], (at) => ({ ...key(at), ...parameters }), {
    kind: "imported",
    assumed: "Unavailable, which such a key is not in",
  }),
  own(
    "ImportKeyMaterial",
    ["ok", "ok", 3, 3, "ok", 11, 14, "ok", "gone"],
    (at) => ({
      ...key(at),
      ImportToken: at.importToken,
      EncryptedKeyMaterial: at.wrappedMaterial,
      ExpirationModel: "KEY_MATERIAL_DOES_NOT_EXPIRE",
    }),
    { kind: "imported", assumed: "Unavailable, which such a key is not in" },
  ),
  own("DeleteImportedKeyMaterial", ["ok", "ok", "ok", "ok", "ok", 11, 14, 15, "gone"], key, {
    kind: "imported",
    assumed: "Unavailable, which such a key is not in",
  }),
  own("ReplicateKey", PRIMARY, (at) => ({ ...key(at), ReplicaRegion: "ap-south-1" }), {
    kind: "multi-Region",
    assumed: "Unavailable, which such a key is not in",
  }),
  own("UpdatePrimaryRegion", PRIMARY, (at) => ({ ...key(at), PrimaryRegion: "eu-west-1" }), {
    kind: "multi-Region",
    assumed: "all but Enabled",
  }),
];

/** What that caller must be answered on a key in that state. */
export function expectedAnswer(row: Row, caller: CallerName, state: (typeof STATES)[number]): AnswerName {
  const owner = row.owner[STATES.indexOf(state)] ?? "ok";
  switch (caller) {
    case "owner":
      return owner;
    case "owner suspended itself":
    case "foreign, caller suspended":
      return "opt-in";
    case "owner closed itself":
      return "unrecognized";
    default:
      return foreignAnswer(row, caller, owner);
  }
}

function foreignAnswer(row: Row, caller: CallerName, owner: AnswerName): AnswerName {
  if (row.crossAccount !== true || owner === "gone") return row.foreign ?? "denied";
  switch (caller) {
    case "foreign, without policy":
    case "foreign, owner suspended (cross-account-denied)":
      return "denied";
    case "foreign, wrong context":
      return row.withContext ? "denied" : owner;
    case "foreign, owner suspended (invalid-state)":
      return 11;
    case "foreign, owner suspended (not-found)":
      return "gone";
    default:
      return owner;
  }
}
