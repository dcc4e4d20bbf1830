import type { ErrorCode, KeyCheckName, Verdict } from "@ekm/ekm";
import { Field, ObjectType } from "type-graphql";
import { ErrorCodeEnum } from "../errors/error-code.js";
import { KeyCheckNameEnum, VerdictEnum } from "./enums.js";

@ObjectType("KeyCheck", { simpleResolvers: true })
export class KeyCheckView {
  @Field(() => KeyCheckNameEnum)
  readonly check!: KeyCheckName;

  @Field(() => VerdictEnum)
  readonly verdict!: Verdict;

  @Field(() => ErrorCodeEnum, { nullable: true })
  readonly code!: ErrorCode | null;

  @Field(() => String)
  readonly message!: string;

  @Field(() => String, { nullable: true })
  readonly remedy!: string | null;
}
