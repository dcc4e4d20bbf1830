import type { ErrorCode, KeyCheckName, Verdict } from "@ekm/ekm";
import { Field, ObjectType } from "type-graphql";
import { ErrorCodeEnum } from "../errors/error-code.js";
import { KeyCheckNameEnum, VerdictEnum } from "./enums.js";

@ObjectType("KeyCheck", { simpleResolvers: true, description: "One check of a key and what it came to." })
export class KeyCheckView {
  @Field(() => KeyCheckNameEnum, { description: "Which one." })
  readonly check!: KeyCheckName;

  @Field(() => VerdictEnum, { description: "What it came to." })
  readonly verdict!: Verdict;

  @Field(() => ErrorCodeEnum, {
    nullable: true,
    description: "Why it FAILed, or what to be WARNed of. Null for PASS and SKIPPED, and for a warning that is a mere fact.",
  })
  readonly code!: ErrorCode | null;

  @Field(() => String, { description: "What was seen, in a sentence for people." })
  readonly message!: string;

  @Field(() => String, { nullable: true, description: "What the reader can do about it. Null when there is nothing to do." })
  readonly remedy!: string | null;
}
