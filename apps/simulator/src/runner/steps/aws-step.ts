import { z } from "zod";
import type { Definition } from "../../experiments/fields.js";
import { markedAct } from "../measure/marked-act.js";
import { HELD } from "../outcome.js";
import { closeAccount, reinstateAccount, suspendAccount } from "./aws/account-acts.js";
import {
  type AwsAct,
  cancelKeyDeletion,
  deleteKey,
  disableKey,
  enableKey,
  putKeyPolicy,
  scheduleKeyDeletion,
} from "./aws/key-acts.js";
import { chosen, type StepKind } from "./step.js";

/** Everything that the owner of a key, or AWS itself, can do to a key or an account. */
const ACTS: readonly AwsAct<{ as?: Definition | undefined }>[] = [
  disableKey,
  enableKey,
  scheduleKeyDeletion,
  cancelKeyDeletion,
  deleteKey,
  putKeyPolicy,
  suspendAccount,
  closeAccount,
  reinstateAccount,
];

const schema = z
  .strictObject({ aws: z.union(ACTS.map((act) => act.schema)) })
  .meta({ description: "An act in AWS, as the owner of the key. `as` names the moment at which it took effect." });

export const awsStep: StepKind<z.infer<typeof schema>> = {
  key: "aws",
  schema,
  describe: (step) => chosen(ACTS, step.aws).describe(step.aws),
  async run(step, world) {
    await markedAct(
      world,
      step.aws.as,
      () => chosen(ACTS, step.aws).run(step.aws, world),
      (effectiveAt) => effectiveAt,
    );
    return HELD;
  },
};
