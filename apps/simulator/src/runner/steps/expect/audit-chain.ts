import { z } from "zod";
import { accountName } from "../../../experiments/fields.js";
import { auditLogOf } from "../../audit-log.js";
import type { StepOutcome } from "../../outcome.js";
import type { Operation } from "../step.js";

const schema = z.strictObject({ auditChain: accountName, atLeast: z.number().int().min(1).default(1) }).meta({
  description: "The audit log has no gap: every entry names the hash of the one before it, and numbers follow each other.",
});

export const expectAuditChain: Operation<z.infer<typeof schema>, StepOutcome> = {
  key: "auditChain",
  schema,
  describe: (step) => `an unbroken audit log of ${step.auditChain.name}`,
  async run(step, world) {
    const account = world.account(step.auditChain);
    const entries = await auditLogOf(world, account);
    const broken = entries.find((entry, at) => {
      const before = entries[at - 1];
      return before && (entry.previousHash !== before.hash || BigInt(entry.sequence) !== BigInt(before.sequence) + 1n);
    });
    const what = `audit log of ${account.name}`;
    if (broken) return { kind: "deviated", expected: `${what} unbroken`, happened: `${what} broken at entry ${broken.sequence}` };
    return entries.length >= step.atLeast
      ? { kind: "held", happened: `${what} unbroken, ${entries.length} entries` }
      : { kind: "deviated", expected: `${what} with ${step.atLeast} entries`, happened: `${entries.length} entries` };
  },
};
