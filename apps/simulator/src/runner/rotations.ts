import type { Reference } from "../experiments/fields.js";
import { readRotation } from "../product/rotations.js";
import type { Rotation } from "../product/types.js";
import { HarnessFailure } from "./outcome.js";
import type { AccountHandle, World } from "./world.js";

export interface TrackedRotation {
  readonly id: string;
  readonly account: AccountHandle;
}

const POLL_MS = 40;

/** The rotations that an experiment began. */
export class RotationLedger {
  private readonly byLabel = new Map<string, TrackedRotation>();
  private readonly accounts = new Set<AccountHandle>();

  constructor(private readonly world: World) {}

  add(rotation: TrackedRotation, label: string | undefined): TrackedRotation {
    this.accounts.add(rotation.account);
    if (label !== undefined) this.byLabel.set(label, rotation);
    return rotation;
  }

  /** Whether one was begun for that account. */
  isKnownFor(account: AccountHandle): boolean {
    return this.accounts.has(account);
  }

  find({ name }: Reference<"label">): TrackedRotation | undefined {
    return this.byLabel.get(name);
  }

  labelled(label: Reference<"label">): TrackedRotation {
    const rotation = this.find(label);
    if (!rotation) throw new HarnessFailure(`No rotation was begun as "${label.name}".`);
    return rotation;
  }

  async read({ id, account }: TrackedRotation): Promise<Rotation> {
    const answer = await readRotation(await this.world.session("ACCOUNT_ADMIN", account), id);
    if (!answer.ok) throw new HarnessFailure(`Reading the rotation failed: ${answer.error.code} ${answer.error.message}`);
    if (!answer.data.node) throw new HarnessFailure(`The rotation ${id} is no longer there.`);
    return answer.data.node;
  }

  /** The rotation once it is as wanted, or has ended otherwise, or once the time is over. */
  async waitFor(tracked: TrackedRotation, reached: (rotation: Rotation) => boolean, deadline: number): Promise<Rotation> {
    for (;;) {
      const rotation = await this.read(tracked);
      if (reached(rotation) || hasEnded(rotation) || Date.now() >= deadline) return rotation;
      await this.world.sleep(POLL_MS);
    }
  }
}

export function hasEnded({ status }: Rotation): boolean {
  return status === "COMPLETED" || status === "CANCELLED" || status === "FAILED";
}
