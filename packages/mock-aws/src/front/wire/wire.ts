import type { Answer } from "@ekm/faults";
import type { AwsFault } from "../aws-fault.js";

/** How one AWS service speaks HTTP. */
export interface Wire {
  readonly service: "kms" | "sts";
  /** The operation's name, or null for a request that names none. */
  operationOf(headers: Readonly<Record<string, string>>, body: Buffer): string | null;
  /** Input, or the fault for a body that cannot be read. */
  read(body: Buffer): Record<string, unknown> | AwsFault;
  answer(operation: string, output: Readonly<Record<string, unknown>>, requestId: string): Answer;
  fault(fault: AwsFault, requestId: string): Answer;
}
