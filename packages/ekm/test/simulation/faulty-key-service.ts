import { randomBytes } from "node:crypto";
import type { KeyService, KmsFailure, KmsOutcome } from "../../src/ports/key-service.js";
import { type KeyServiceCode, keyServiceFailure, type MemoryPorts } from "../../testing/index.js";
import type { Random } from "./random.js";

/** How often a call goes wrong in each way. All zero: the service is as good as its keys. */
export interface FaultRates {
  transient: number;
  /** One refusal, although the key is usable. */
  refusal: number;
  /** The answer looks right and is about another key. */
  lie: number;
  slow: number;
}

const TRANSIENT: readonly KeyServiceCode[] = ["KMS_THROTTLED", "KMS_UNREACHABLE", "KMS_INTERNAL", "VENDOR_AWS_FAULT"];
const REFUSALS: readonly KeyServiceCode[] = ["KEY_DISABLED", "KEY_ACCESS_DENIED"];
const SLOWEST_MS = 3_000;

/**
 * KMS as one process sees it: the keys in memory, and seeded trouble on the way. `onOpened` hears of every account key that
 * truly came out, with the moment (monotonic ms) at which it was asked for.
 */
export function faultyKeyService(
  { kms, clock }: MemoryPorts,
  random: Random,
  rates: FaultRates,
  onOpened: (accountId: string, generation: number, sentMs: number) => void,
): KeyService {
  const { keyService } = kms;
  const lied = () => random.chance(rates.lie);
  const noise = () => new Uint8Array(randomBytes(32));

  async function call<T>(keyArn: string, made: () => Promise<KmsOutcome<T>>): Promise<KmsOutcome<T>> {
    const failure = trouble(keyArn);
    if (random.chance(rates.slow)) await clock.sleep(1 + random.below(SLOWEST_MS));
    return failure === null ? made() : { ok: false, error: failure };
  }
  function trouble(keyArn: string): KmsFailure | null {
    const codes = random.chance(rates.transient) ? TRANSIENT : random.chance(rates.refusal) ? REFUSALS : [];
    const code = random.pick(codes);
    return code === undefined ? null : keyServiceFailure(code, keyArn);
  }

  return {
    generateDataKey: (keyArn, context) => call(keyArn, () => keyService.generateDataKey(keyArn, context)),
    describeKey: (keyArn) => call(keyArn, () => keyService.describeKey(keyArn)),
    encrypt: (keyArn, plaintext, context) =>
      call(keyArn, () => keyService.encrypt(keyArn, lied() ? noise() : plaintext, context)),
    async decrypt(keyArn, ciphertext, context) {
      const sentMs = clock.monotonicMs();
      const isLie = lied();
      const opened = await call(keyArn, () => keyService.decrypt(keyArn, ciphertext, context));
      if (!opened.ok) return opened;
      if (isLie) return { ...opened, value: { plaintext: noise() } };
      const { "ekm:account": accountId, "ekm:generation": generation } = context;
      if (accountId !== undefined && generation !== undefined) onOpened(accountId, Number(generation), sentMs);
      return opened;
    },
    reEncrypt: (request) =>
      call(request.fromKeyArn, async () => {
        const moved = await keyService.reEncrypt(request);
        if (!moved.ok || !lied()) return moved;
        return { ...moved, value: { ciphertext: kms.key(request.toKeyArn).seal(noise(), request.toContext) } };
      }),
  };
}
