import type { ErrorCode } from "@ekm/ekm";
import { Field, ObjectType } from "type-graphql";
import { RETRYABLE } from "../described.js";
import { KeyArn } from "../scalars/key-arn.js";
import { ErrorCodeEnum } from "./error-code.js";

@ObjectType("Problem", { simpleResolvers: true, description: "What is wrong with a key, a job or a rotation." })
export class ProblemView {
  @Field(() => ErrorCodeEnum, { description: "As in `errorCatalog`." })
  readonly code!: ErrorCode;

  @Field(() => String, { description: "What happened, in a sentence for people." })
  readonly message!: string;

  @Field(() => String, { description: "What the reader can do about it." })
  readonly remedy!: string;

  @Field(() => [String], { description: "Where AWS does not tell causes apart, all that are possible." })
  readonly possibleCauses!: readonly string[];

  @Field(() => Boolean, { description: RETRYABLE })
  readonly retryable!: boolean;

  @Field(() => KeyArn, { nullable: true, description: "The key that refused; in a rotation, which of the two." })
  readonly keyArn!: string | null;

  @Field(() => String, { nullable: true, description: "AWS's own name of the error. Null when AWS did not answer with one." })
  readonly awsErrorName!: string | null;

  @Field(() => String, { nullable: true, description: "AWS's id of the request, as in CloudTrail. Null when AWS gave none." })
  readonly awsRequestId!: string | null;
}
