import { type AccountStatus, SUSPENSION_PROFILES, type SuspensionProfile } from "@ekm/mock-aws";
import { z } from "zod";
import { awsAccountName, definition, type Reference } from "../../../experiments/fields.js";
import type { World } from "../../world.js";
import type { TimedAct } from "../acts-step.js";
import type { Reach } from "../step.js";

const label = { as: definition.optional() };
const profile = z
  .enum(SUSPENSION_PROFILES)
  .optional()
  .meta({ description: "What keys of the account answer then; AWS documents nothing." });
const suspend = z
  .strictObject({ suspendAccount: awsAccountName, profile, ...label })
  .meta({ description: "Of the vendor's account, every call of the product answers OptInRequired." });
const close = z
  .strictObject({ closeAccount: awsAccountName, profile, ...label })
  .meta({ description: "After 90 days on AWS's clock its keys are gone." });
const askForClosure = z
  .strictObject({ requestAccountClosure: awsAccountName, ...label })
  .meta({ description: "PENDING_CLOSURE: all goes on as before." });
const reinstate = z.strictObject({ reinstateAccount: awsAccountName, ...label });

/** Whoever runs on the stack calls as the vendor. */
const reachOf = ({ name }: Reference<"aws-account">): Reach => (name === "vendor" ? "whole-stack" : "account");

export const suspendAccount: TimedAct<z.infer<typeof suspend>> = {
  key: "suspendAccount",
  schema: suspend,
  reach: (step) => reachOf(step.suspendAccount),
  describe: (step) => `suspend AWS account ${step.suspendAccount.name}`,
  run: (step, world) => setStatus(world, step.suspendAccount, "SUSPENDED", step.profile),
};

export const closeAccount: TimedAct<z.infer<typeof close>> = {
  key: "closeAccount",
  schema: close,
  reach: (step) => reachOf(step.closeAccount),
  describe: (step) => `close AWS account ${step.closeAccount.name}`,
  run: (step, world) => setStatus(world, step.closeAccount, "CLOSED", step.profile),
};

export const requestAccountClosure: TimedAct<z.infer<typeof askForClosure>> = {
  key: "requestAccountClosure",
  schema: askForClosure,
  reach: (step) => reachOf(step.requestAccountClosure),
  describe: (step) => `AWS account ${step.requestAccountClosure.name} is about to be closed`,
  run: (step, world) => setStatus(world, step.requestAccountClosure, "PENDING_CLOSURE", undefined),
};

export const reinstateAccount: TimedAct<z.infer<typeof reinstate>> = {
  key: "reinstateAccount",
  schema: reinstate,
  reach: (step) => reachOf(step.reinstateAccount),
  describe: (step) => `reinstate AWS account ${step.reinstateAccount.name}`,
  run: (step, world) => setStatus(world, step.reinstateAccount, "ACTIVE", undefined),
};

async function setStatus(
  world: World,
  reference: Reference<"aws-account">,
  status: AccountStatus,
  answers: SuspensionProfile | undefined,
): Promise<number> {
  const { id } = world.awsAccount(reference);
  return Date.parse((await world.target.control.accounts.setStatus(id, { status, profile: answers })).effectiveAt);
}
