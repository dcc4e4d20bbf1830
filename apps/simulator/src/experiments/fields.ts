import { z } from "zod";
import { DURATION, parseDuration } from "./duration.js";
import { type Moment, NAME, parseMoment, parseSpan, type Span } from "./moment.js";
import { PERCENT, parsePercent, parseSize, SIZE } from "./size.js";

/** What a name in a step may refer to. References are checked against the whole file once it is read. */
export type Referent = "account" | "key" | "aws-account" | "label" | "backup";
export interface Reference<R extends Referent = Referent> {
  readonly refersTo: R;
  readonly name: string;
}
/** `as: r1`: later steps may use the name. */
export interface Definition {
  readonly defines: string;
}

const name = z.string().regex(NAME, "a name: lower-case letters, digits and hyphens, a letter first");
const reference = <R extends Referent>(refersTo: R, description: string) =>
  name.transform((text): Reference<R> => ({ refersTo, name: text })).meta({ description });

export const accountName = reference("account", "A product account of given.accounts.");
export const keyName = reference("key", "A key of given.keys.");
export const awsAccountName = reference(
  "aws-account",
  "An AWS account: customer, one that owns a key, one of given.aws-accounts, or vendor: the product's own.",
);
export const labelName = reference("label", "The label (`as`) of an earlier step.");
export const backupName = reference("backup", "The label of a backup, or `latest` or `first`: of those that succeeded.");
export const definition = name
  .transform((text): Definition => ({ defines: text }))
  .meta({ description: "A label for this act." });

export const duration = z
  .string()
  .regex(DURATION, "a duration such as 250ms, 5s, 2m")
  .transform((text) => parseDuration(text) ?? 0)
  .meta({ description: "A duration: 250ms, 5s, 2m, 1h, 30d." });
export const size = z
  .string()
  .regex(SIZE, "a size such as 500KB, 20MB, 1GiB")
  .transform((text) => parseSize(text) ?? 0)
  .meta({ description: "A size: 500KB, 20MB, 1GB (powers of 1000), 1MiB (powers of 1024)." });
export const percent = z
  .string()
  .regex(PERCENT, "a percentage such as 25%")
  .transform((text) => parsePercent(text) ?? 0)
  .meta({ description: "A percentage of the whole: 25%." });

/** A span of time that may follow from the product's settings. */
export const span = z
  .string()
  .transform((text, context): Span => {
    const parsed = parseSpan(text);
    if (parsed) return parsed;
    context.addIssue({ code: "custom", message: "a span such as 5s, revocation-window, lease + 500ms" });
    return z.NEVER;
  })
  .meta({ description: "A span: 5s, revocation-window, lease, health-interval, or a sum of these with +." });
/** A point in time relative to a labelled act. */
export const moment = z
  .string()
  .transform((text, context): Moment => {
    const parsed = parseMoment(text);
    if (parsed?.label !== undefined) return parsed;
    context.addIssue({ code: "custom", message: "a moment such as off, off + 2s, off + revocation-window" });
    return z.NEVER;
  })
  .meta({ description: "When a labelled act took effect, plus a span: off, off + 2s, off + revocation-window." });

export const errorCode = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, "an error code of the contract, such as KEY_DISABLED")
  .meta({ description: "An error code of the GraphQL contract." });
export const role = z.enum(["ACCOUNT_ADMIN", "ACCOUNT_VIEWER", "BACKUP_OPERATOR", "SUPPORT"]);
export const jobStatus = z.enum(["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"]);
export const rotationStatus = z.enum(["RUNNING", "PAUSED", "COMPLETED", "CANCELLED", "FAILED"]);
export const healthState = z.enum(["HEALTHY", "DEGRADED", "UNUSABLE", "LOCKED", "UNKNOWN"]);

export const eventKind = z
  .string()
  .regex(/^[A-Z][A-Z_]*$/, "a kind of the contract, such as KEY_HEALTH_CHANGED")
  .meta({ description: "An AccountEventKind of the GraphQL contract." });
export const auditAction = z
  .string()
  .regex(/^[A-Z][A-Z_]*$/, "an action of the contract, such as EKM_ENABLED")
  .meta({ description: "An action of the GraphQL contract's audit log." });

export function isReference(value: unknown): value is Reference {
  return typeof value === "object" && value !== null && "refersTo" in value && "name" in value;
}
export function isDefinition(value: unknown): value is Definition {
  return typeof value === "object" && value !== null && "defines" in value;
}
