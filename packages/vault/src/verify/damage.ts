import { MessageError } from "@ekm/crypto-core";
import { corrupt, VaultError } from "../faults/vault-error.js";

const NAMED = 10;

/** Collects the damaged objects, so that one does not hide the others. */
export class Damage {
  readonly #names: string[] = [];

  /** Runs the check of one object. Throws what says nothing about the object: the key, a stop, the store. */
  async noting(name: string, check: () => Promise<void>): Promise<void> {
    try {
      await check();
    } catch (error) {
      const isDamage = error instanceof MessageError || (error instanceof VaultError && error.code === "BACKUP_CORRUPT");
      if (!isDamage) throw error;
      this.#names.push(name);
    }
  }

  /** Throws VaultError(BACKUP_CORRUPT) if there was any, naming the first few. */
  requireNone(checked: number): void {
    const names = this.#names.sort();
    if (names.length === 0) return;
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
    throw corrupt(`${names.length} of ${checked} objects are damaged: ${names.slice(0, NAMED).join(", ")}${more}`);
  }
}
