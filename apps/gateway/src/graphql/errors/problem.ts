import type { ErrorCode } from "@ekm/ekm";
import { Field, ObjectType } from "type-graphql";
import { KeyArn } from "../scalars/key-arn.js";
import { ErrorCodeEnum } from "./error-code.js";

@ObjectType("Problem", { simpleResolvers: true })
export class ProblemView {
  @Field(() => ErrorCodeEnum)
  readonly code!: ErrorCode;

  @Field(() => String)
  readonly message!: string;

  @Field(() => String)
  readonly remedy!: string;

  @Field(() => [String], { description: "Where AWS does not tell causes apart, all that are possible." })
  readonly possibleCauses!: readonly string[];

  @Field(() => Boolean)
  readonly retryable!: boolean;

  @Field(() => KeyArn, { nullable: true, description: "The key that refused; in a rotation, which of the two." })
  readonly keyArn!: string | null;

  @Field(() => String, { nullable: true })
  readonly awsErrorName!: string | null;

  @Field(() => String, { nullable: true })
  readonly awsRequestId!: string | null;
}
