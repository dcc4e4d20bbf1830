import type { FaultRule } from "@ekm/faults";
import { z } from "zod";
import { definition, labelName } from "../../../experiments/fields.js";
import type { World } from "../../world.js";
import type { TimedAct } from "../acts-step.js";

/** What AWS answers to a caller whose credentials are no longer good, and in which words. */
const ANSWERS = {
  deactivated: { code: "UnrecognizedClientException", message: "The security token included in the request is invalid." },
  expired: { code: "ExpiredTokenException", message: "The security token included in the request is expired." },
  "wrong-secret": {
    code: "InvalidSignatureException",
    message: "The request signature we calculated does not match the signature you provided.",
  },
} as const;

const spoil = z
  .strictObject({
    spoilVendorCredentials: z.enum(["deactivated", "expired", "wrong-secret"]),
    as: definition.optional(),
  })
  .meta({ description: "Every call of the product is answered as AWS answers credentials that are no longer good." });
const restore = z.strictObject({ restoreVendorCredentials: labelName, as: definition.optional() });

export const spoilVendorCredentials: TimedAct<z.infer<typeof spoil>> = {
  key: "spoilVendorCredentials",
  schema: spoil,
  reach: () => "whole-stack",
  describe: (step) => `the vendor's credentials are ${step.spoilVendorCredentials}`,
  async run(step, world) {
    const rule = ruleOf(world, step.spoilVendorCredentials);
    await world.target.control.faults.add([rule]);
    world.keepFault(step.as?.defines, rule);
    return Date.now();
  },
};

export const restoreVendorCredentials: TimedAct<z.infer<typeof restore>> = {
  key: "restoreVendorCredentials",
  schema: restore,
  reach: () => "whole-stack",
  describe: () => "the vendor's credentials are good again",
  async run(step, world) {
    await world.target.control.faults.remove([world.fault(step.restoreVendorCredentials)]);
    return Date.now();
  },
};

const ruleOf = (world: World, kind: keyof typeof ANSWERS): FaultRule => ({
  callerAccountId: world.target.vendor.accountId,
  error: { statusCode: 400, ...ANSWERS[kind] },
});
