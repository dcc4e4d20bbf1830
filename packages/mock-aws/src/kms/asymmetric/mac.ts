import { createHmac, timingSafeEqual } from "node:crypto";
import { AwsFault } from "../../front/aws-fault.js";
import { noMaterial } from "../cipher.js";
import { cryptographicFault, dryRunFault } from "../cryptographic.js";
import { bytes, flag, oneOf, optional, required, shape } from "../input.js";
import { MAC_ALGORITHMS } from "../key-kinds.js";
import { grantTokens, keyId } from "../members.js";
import { defineOperation, type KeyInCall, type KeyUse, keyAt, type OperationServices } from "../operation.js";

const fields = {
  KeyId: required(keyId),
  Message: required(bytes(1, 4096)),
  MacAlgorithm: required(oneOf(MAC_ALGORITHMS)),
  GrantTokens: optional(grantTokens),
  DryRun: optional(flag),
};

interface MacInput {
  readonly KeyId: string;
  readonly Message: Buffer;
  readonly MacAlgorithm: string;
  readonly GrantTokens?: readonly string[];
}

const use = (action: string, input: MacInput): KeyUse => ({
  action,
  key: input.KeyId,
  crossAccount: true,
  alias: true,
  grantTokens: input.GrantTokens,
  conditions: { "kms:MacAlgorithm": input.MacAlgorithm },
});

async function macOf(
  operation: string,
  { Message, MacAlgorithm }: MacInput,
  key: KeyInCall,
  { upstream }: OperationServices,
): Promise<Buffer | AwsFault> {
  const requirement = { operation, usage: "GENERATE_VERIFY_MAC", algorithm: MacAlgorithm } as const;
  const fault = await cryptographicFault(key, requirement);
  if (fault) return fault;
  const secret = upstream.macKeyOf(key.record);
  return secret === null ? noMaterial() : createHmac(MacAlgorithm.replace("HMAC_SHA_", "sha"), secret).update(Message).digest();
}

export const generateMac = defineOperation({
  name: "GenerateMac",
  input: shape(fields),
  uses: (input) => [use("kms:GenerateMac", input)],
  async run(input, keys, services) {
    const key = keyAt(keys, 0);
    const mac = await macOf("GenerateMac", input, key, services);
    if (mac instanceof AwsFault) return mac;
    return dryRunFault(input.DryRun) ?? { body: { KeyId: key.record.arn, Mac: mac, MacAlgorithm: input.MacAlgorithm } };
  },
});

/** A MAC that does not hold is a fault. */
export const verifyMac = defineOperation({
  name: "VerifyMac",
  input: shape({ ...fields, Mac: required(bytes(1, 6144)) }),
  uses: (input) => [use("kms:VerifyMac", input)],
  async run(input, keys, services) {
    const key = keyAt(keys, 0);
    const mac = await macOf("VerifyMac", input, key, services);
    if (mac instanceof AwsFault) return mac;
    const valid = mac.length === input.Mac.length && timingSafeEqual(mac, input.Mac);
    if (!valid) return new AwsFault("KMSInvalidMacException");
    return dryRunFault(input.DryRun) ?? { body: { KeyId: key.record.arn, MacValid: true, MacAlgorithm: input.MacAlgorithm } };
  },
});
