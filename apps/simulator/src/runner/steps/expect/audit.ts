import { z } from "zod";
import { accountName, auditAction, labelName, role } from "../../../experiments/fields.js";
import type { AuditEvent } from "../../../product/audit.js";
import { auditLogOf } from "../../audit-log.js";
import type { StepOutcome } from "../../outcome.js";
import type { Operation } from "../step.js";

const schema = z
  .strictObject({
    audit: accountName,
    action: auditAction,
    outcome: z.enum(["DONE", "REFUSED", "FAILED"]).optional(),
    by: role.optional().meta({ description: "The entry's actor is who called with that role." }),
    actor: z.string().optional().meta({ description: "The entry's actor, word for word." }),
    detail: z.string().optional().meta({ description: "A part of the entry's detail: a reason, a code, a ticket." }),
    subject: z.string().optional().meta({ description: "A part of the entry's subject." }),
    after: labelName.optional().meta({ description: "Only entries since that act; default: all." }),
    count: z.number().int().min(0).optional().meta({ description: "Exactly so many; default: at least one. 0: none." }),
  })
  .meta({ description: "The account's audit log has an entry like this." });
type Step = z.infer<typeof schema>;

export const expectAudit: Operation<Step, StepOutcome> = {
  key: "audit",
  schema,
  describe: (step) => `an audit entry ${step.action} of ${step.audit.name}`,
  async run(step, world) {
    const account = world.account(step.audit);
    const entries = await auditLogOf(world, account, step.action);
    const from = step.after ? world.momentMs({ label: step.after.name, plus: { ms: 0, named: [] } }) : 0;
    const actor = step.by ? await world.subject(step.by, account) : step.actor;
    const recent = entries.filter(({ at }) => Date.parse(at) >= from);
    const matching = recent.filter((entry) => matches(entry, step, actor));
    const wanted = `audit of ${account.name}: ${step.count ?? "at least one"} ${inWords(step, actor)}`;
    const isMet = step.count === undefined ? matching.length > 0 : matching.length === step.count;
    if (isMet) return { kind: "held", happened: `audit of ${account.name}: ${matching.length} ${inWords(step, actor)}` };
    const seen = recent.slice(-3).map((entry) => `${entry.action} ${entry.outcome} by ${entry.actor}: ${entry.detail}`);
    const found = step.count === undefined ? "none" : `${matching.length}`;
    return { kind: "deviated", expected: wanted, happened: `${found}; last of that action: ${seen.join(" | ") || "none"}` };
  },
};

function matches(entry: AuditEvent, { outcome, detail, subject }: Step, actor: string | undefined): boolean {
  return (
    (outcome === undefined || entry.outcome === outcome) &&
    (actor === undefined || entry.actor === actor) &&
    (detail === undefined || entry.detail.includes(detail)) &&
    (subject === undefined || (entry.subject?.includes(subject) ?? false))
  );
}

function inWords({ action, outcome, detail, subject }: Step, actor: string | undefined): string {
  const about = [subject, detail].flatMap((text) => (text === undefined ? [] : [`"${text}"`]));
  return [action, outcome, actor && `by ${actor}`, ...about].filter((part) => part !== undefined).join(" ");
}
