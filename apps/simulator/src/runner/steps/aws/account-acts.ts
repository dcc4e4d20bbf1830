import type { AccountStatus } from "@ekm/mock-aws";
import { z } from "zod";
import { awsAccountName, definition } from "../../../experiments/fields.js";
import type { World } from "../../world.js";
import type { AwsAct } from "./key-acts.js";

const PROFILES = ["cross-account-denied", "invalid-state", "not-found"] as const;
const label = { as: definition.optional() };
const profile = z.enum(PROFILES).optional().meta({ description: "What keys of the account answer then; AWS documents nothing." });
const suspend = z.strictObject({ suspendAccount: awsAccountName, profile, ...label });
const close = z.strictObject({ closeAccount: awsAccountName, profile, ...label });
const reinstate = z.strictObject({ reinstateAccount: awsAccountName, ...label });

export const suspendAccount: AwsAct<z.infer<typeof suspend>> = {
  key: "suspendAccount",
  schema: suspend,
  describe: (step) => `suspend AWS account ${step.suspendAccount.name}`,
  run: (step, world) => setStatus(world, step.suspendAccount, "SUSPENDED", step.profile),
};

export const closeAccount: AwsAct<z.infer<typeof close>> = {
  key: "closeAccount",
  schema: close,
  describe: (step) => `close AWS account ${step.closeAccount.name}`,
  run: (step, world) => setStatus(world, step.closeAccount, "CLOSED", step.profile),
};

export const reinstateAccount: AwsAct<z.infer<typeof reinstate>> = {
  key: "reinstateAccount",
  schema: reinstate,
  describe: (step) => `reinstate AWS account ${step.reinstateAccount.name}`,
  run: (step, world) => setStatus(world, step.reinstateAccount, "ACTIVE", undefined),
};

async function setStatus(
  world: World,
  reference: Parameters<World["awsAccount"]>[0],
  status: AccountStatus,
  suspension: (typeof PROFILES)[number] | undefined,
): Promise<number> {
  const { id } = world.awsAccount(reference);
  const changed = await world.target.control.accounts.setStatus(id, { status, ...(suspension && { profile: suspension }) });
  return Date.parse(changed.effectiveAt);
}
