import { AUDIT_ACTIONS, type AuditEvent } from "@ekm/ekm";
import { z } from "zod";

const Line = z.strictObject({
  accountId: z.string(),
  sequence: z.number().int().positive(),
  id: z.string(),
  at: z.iso.datetime({ precision: 3 }),
  actor: z.string(),
  action: z.enum(AUDIT_ACTIONS),
  outcome: z.enum(["DONE", "REFUSED", "FAILED"]),
  subject: z.string().nullable(),
  detail: z.string(),
  awsRequestIds: z.array(z.string()),
  previousHash: z.string(),
  hash: z.string(),
});

/** An entry as a line of JSON, with all that its hash is made of. */
export const toLine = ({ at, subject, ...event }: AuditEvent): string => {
  const { accountId, sequence, id, actor, action, outcome, detail, awsRequestIds, previousHash, hash } = event;
  const line: z.input<typeof Line> = {
    ...{ accountId, sequence, id, at: at.toISOString(), actor, action, outcome, subject: subject ?? null, detail },
    ...{ awsRequestIds: [...awsRequestIds], previousHash, hash },
  };
  return JSON.stringify(line);
};

/** Null: the line is no entry. */
export function fromLine(text: string): AuditEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = Line.safeParse(value);
  if (!parsed.success) return null;
  const { at, subject, ...line } = parsed.data;
  return { ...line, at: new Date(at), ...(subject === null ? {} : { subject }) };
}
