import type { AwsAnswer } from "@ekm/mock-aws";

/** When what the call changed took effect, in milliseconds since 1970; where AWS does not say, now. */
export const effectiveAt = (answer: AwsAnswer): number =>
  answer.effectiveAt === null ? Date.now() : Date.parse(answer.effectiveAt);
