import { generateKeyPair, type KeyObject, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import type { SimulatedClock } from "../../clock.js";

export interface ImportParameters {
  readonly keyArn: string;
  readonly algorithm: string;
  readonly wrappingKey: KeyObject;
  /** Simulated time. */
  readonly validTo: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_TOKENS = 1000;
const newKeyPair = promisify(generateKeyPair);

/** Wrapping keys and import tokens, good for 24 hours. One wrapping key per length serves all: making one takes long. */
export class ImportTokens {
  readonly #tokens = new Map<string, ImportParameters>();
  readonly #wrappingKeys = new Map<number, Promise<KeyObject>>();

  constructor(private readonly clock: SimulatedClock) {}

  async issue(
    keyArn: string,
    algorithm: string,
    wrappingKeyBits: number,
  ): Promise<ImportParameters & { readonly token: Buffer }> {
    const made = this.#wrappingKeys.get(wrappingKeyBits) ?? this.#newWrappingKey(wrappingKeyBits);
    this.#wrappingKeys.set(wrappingKeyBits, made);
    const parameters = { keyArn, algorithm, wrappingKey: await made, validTo: this.clock.now() + DAY_MS };
    const token = randomBytes(256);
    this.#tokens.set(token.toString("base64"), parameters);
    if (this.#tokens.size > MAX_TOKENS) {
      const [oldest] = this.#tokens.keys();
      if (oldest !== undefined) this.#tokens.delete(oldest);
    }
    return { ...parameters, token };
  }

  find(token: Buffer): ImportParameters | undefined {
    return this.#tokens.get(token.toString("base64"));
  }

  clear(): void {
    this.#tokens.clear();
  }

  async #newWrappingKey(bits: number): Promise<KeyObject> {
    return (await newKeyPair("rsa", { modulusLength: bits })).privateKey;
  }
}
