import type { Ports } from "../../ports/ports.js";
import type { Signer } from "../../ports/signer.js";

export type RotationPorts = Pick<Ports, "store" | "clock" | "ids" | "keyService" | "keyRecords" | "settings"> & {
  readonly signer: Signer;
};

/** again: the rotation changed, look at it anew. done: the job was completed or released, or is another worker's by now. */
export type PhaseEnd = "again" | "done";
