import { createHash } from "node:crypto";
import type { Clock } from "@ekm/ekm";
import type { TokenVerifier, Verified } from "./verify-token.js";

const MAX_TOKENS = 10_000;
const MAX_AGE_MS = 60_000;

export interface TokenCacheOptions {
  readonly verify: TokenVerifier;
  /** Another number: the issuer's keys have changed. Null: what was verified with them counts no longer. */
  readonly revision: () => number | null;
  readonly clock: Pick<Clock, "now" | "monotonicMs">;
}

interface Entry {
  readonly verified: Verified;
  readonly verifiedAt: number;
}

/**
 * Answers a token that was found good less than a minute ago, under the same keys, without verifying it again; never past its expiry.
 * Holds 10,000 at most, by their SHA-256: the tokens themselves are not kept. What is refused is not remembered.
 */
export function cacheTokens({ verify, revision, clock }: TokenCacheOptions): TokenVerifier {
  const entries = new Map<string, Entry>();
  let verifiedUnder = revision();

  return async (token) => {
    const current = revision();
    if (current !== verifiedUnder) {
      entries.clear();
      verifiedUnder = current;
    }
    if (current === null) return verify(token);
    const id = createHash("sha256").update(token).digest("base64");
    const known = entries.get(id);
    if (known !== undefined && isFresh(known)) return known.verified;
    entries.delete(id);

    const verifiedAt = clock.monotonicMs();
    const verified = await verify(token);
    // Keys that changed meanwhile may be other keys than the ones it was verified with.
    if (verified === null || revision() !== current) return verified;
    entries.set(id, { verified, verifiedAt });
    const oldest = entries.size > MAX_TOKENS ? entries.keys().next().value : undefined;
    if (oldest !== undefined) entries.delete(oldest);
    return verified;
  };

  function isFresh({ verified, verifiedAt }: Entry): boolean {
    return clock.monotonicMs() - verifiedAt < MAX_AGE_MS && clock.now() < verified.expiresAt;
  }
}
