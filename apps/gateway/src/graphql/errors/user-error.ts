import type { ErrorCode } from "@ekm/ekm";
import { Field, Int, ObjectType } from "type-graphql";
import { ErrorCodeEnum } from "./error-code.js";

@ObjectType("UserError", { simpleResolvers: true })
export class UserErrorView {
  @Field(() => ErrorCodeEnum)
  readonly code!: ErrorCode;

  @Field(() => String)
  readonly message!: string;

  @Field(() => String)
  readonly remedy!: string;

  @Field(() => [String], { nullable: true })
  readonly field!: readonly string[] | null;

  @Field(() => Boolean)
  readonly retryable!: boolean;

  @Field(() => Int, { nullable: true })
  readonly retryAfterMs!: number | null;
}
