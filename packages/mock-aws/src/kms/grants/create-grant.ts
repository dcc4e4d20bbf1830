import { AwsFault } from "../../front/aws-fault.js";
import { type Grant, type GrantConstraints, isAsStrict } from "../../keys/grants.js";
import type { KeyRecord } from "../../keys/key.js";
import { stateFault } from "../../keys/state-table.js";
import { dryRunFault } from "../cryptographic.js";
import { flag, type Input, listOf, oneOf, optional, required, shape, stringMap, structure, text } from "../input.js";
import { grantTokens, keyId } from "../members.js";
import { conditionValues, defineOperation, keyAt } from "../operation.js";

const ALWAYS = ["CreateGrant", "RetireGrant", "DescribeKey"] as const;
const ASYMMETRIC_ENCRYPTION = ["Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo"] as const;
const ENCRYPTION = [
  ...ASYMMETRIC_ENCRYPTION,
  "GenerateDataKey",
  "GenerateDataKeyWithoutPlaintext",
  "GenerateDataKeyPair",
  "GenerateDataKeyPairWithoutPlaintext",
] as const;
const BY_USAGE: Readonly<Record<string, readonly string[]>> = {
  ENCRYPT_DECRYPT: [...ASYMMETRIC_ENCRYPTION, "GetPublicKey"],
  SIGN_VERIFY: ["Sign", "Verify", "GetPublicKey"],
  GENERATE_VERIFY_MAC: ["GenerateMac", "VerifyMac"],
  KEY_AGREEMENT: ["DeriveSharedSecret", "GetPublicKey"],
};
const OPERATIONS = [
  ...ENCRYPTION,
  ...ALWAYS,
  "Sign",
  "Verify",
  "GetPublicKey",
  "GenerateMac",
  "VerifyMac",
  "DeriveSharedSecret",
] as const;

const input = shape({
  KeyId: required(keyId),
  GranteePrincipal: required(text(1, 256, "^[\\w+=,.@:/-]+$")),
  RetiringPrincipal: optional(text(1, 256, "^[\\w+=,.@:/-]+$")),
  Operations: required(listOf(oneOf(OPERATIONS), 0, 50)),
  Constraints: optional(
    structure(shape({ EncryptionContextSubset: optional(stringMap), EncryptionContextEquals: optional(stringMap) })),
  ),
  GrantTokens: optional(grantTokens),
  Name: optional(text(1, 256, "^[a-zA-Z0-9:/_-]+$")),
  DryRun: optional(flag),
});

/** A request that names an equal grant with the same name answers that grant again: a retry makes no second one. */
export const createGrant = defineOperation({
  name: "CreateGrant",
  input,
  uses: (given) => [
    {
      action: "kms:CreateGrant",
      key: given.KeyId,
      crossAccount: true,
      grantTokens: given.GrantTokens,
      context: given.Constraints?.EncryptionContextEquals ?? given.Constraints?.EncryptionContextSubset,
      conditions: conditionValues({
        "kms:GrantOperations": given.Operations,
        "kms:GranteePrincipal": given.GranteePrincipal,
        "kms:RetiringPrincipal": given.RetiringPrincipal,
        "kms:GrantConstraintType": constraintType(given.Constraints),
        "kms:GrantIsForAWSResource": false,
      }),
    },
  ],
  async run(given, keys, { grants, caller, events }) {
    const { record, condition, grantId } = keyAt(keys, 0);
    const fault =
      stateFault("create-grant", record.arn, condition) ??
      requestFault(given, record) ??
      parentFault(given, grantId === null ? undefined : grants.find(record.arn, grantId)) ??
      dryRunFault(given.DryRun);
    if (fault) return fault;
    const wanted = {
      keyArn: record.arn,
      name: given.Name ?? null,
      granteePrincipal: given.GranteePrincipal,
      retiringPrincipal: given.RetiringPrincipal ?? null,
      operations: [...new Set(given.Operations)],
      constraints: given.Constraints ?? null,
      issuingAccount: `arn:aws:iam::${caller.account.id}:root`,
    };
    const equal = given.Name === undefined ? undefined : grants.of(record.arn).find((grant) => sameGrant(grant, wanted));
    const grant = equal ?? grants.create(wanted);
    if (!equal) events.change({ subject: "key", id: record.arn, change: "CreateGrant" });
    return { body: { GrantToken: grant.token, GrantId: grant.id } };
  },
});

type Given = Input<typeof input>;

function constraintType(constraints: GrantConstraints | undefined): string | undefined {
  if (constraints?.EncryptionContextEquals) return "EncryptionContextEquals";
  return constraints?.EncryptionContextSubset ? "EncryptionContextSubset" : undefined;
}

function requestFault({ GranteePrincipal, RetiringPrincipal, Operations, Constraints }: Given, key: KeyRecord): AwsFault | null {
  if (Operations.length === 0) return new AwsFault("ValidationException", "Operations must not be empty.");
  for (const principal of [GranteePrincipal, RetiringPrincipal]) {
    if (principal !== undefined && !isPrincipal(principal)) {
      return new AwsFault("InvalidArnException", `${principal} is not a valid principal.`);
    }
  }
  const symmetric = key.keySpec === "SYMMETRIC_DEFAULT";
  const possible: readonly string[] = [...ALWAYS, ...(symmetric ? ENCRYPTION : (BY_USAGE[key.keyUsage] ?? []))];
  const impossible = Operations.find((operation) => !possible.includes(operation));
  if (impossible !== undefined) {
    return new AwsFault("ValidationException", `The operation ${impossible} is not valid for the KMS key ${key.arn}.`);
  }
  if (Constraints && !symmetric) {
    return new AwsFault("ValidationException", "Grant constraints are valid for symmetric encryption KMS keys alone.");
  }
  return constraintFault(Constraints);
}

function constraintFault(constraints: GrantConstraints | undefined): AwsFault | null {
  for (const pairs of [constraints?.EncryptionContextEquals, constraints?.EncryptionContextSubset]) {
    const entries = Object.entries(pairs ?? {});
    if (entries.length > 8)
      return new AwsFault("ValidationException", "A grant constraint has at most 8 encryption context pairs.");
    if (entries.some(([name, value]) => name.length + value.length > 384)) {
      return new AwsFault("ValidationException", "An encryption context pair in a grant constraint has at most 384 characters.");
    }
  }
  return null;
}

/** Who may create grants only by a grant cannot give more than that grant gives. */
function parentFault({ Operations, Constraints }: Given, parent: Grant | undefined): AwsFault | null {
  if (!parent) return null;
  const within = Operations.every((operation) => parent.operations.includes(operation));
  if (within && isAsStrict(Constraints ?? null, parent.constraints)) return null;
  return new AwsFault("AccessDeniedException", "The grant allows more than the grant by which the caller may create it.");
}

const isPrincipal = (text: string): boolean =>
  /^\d{12}$/.test(text) || /^arn:aws:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)\/.+)$/.test(text);

function sameGrant(grant: Grant, wanted: Omit<Grant, "id" | "token" | "createdAt" | "visibleAt">): boolean {
  return (Object.keys(wanted) as (keyof typeof wanted)[]).every(
    (field) => JSON.stringify(grant[field]) === JSON.stringify(wanted[field]),
  );
}
