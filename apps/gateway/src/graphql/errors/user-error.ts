import type { ErrorCode } from "@ekm/ekm";
import { Field, Int, ObjectType } from "type-graphql";
import { RETRYABLE } from "../described.js";
import { ErrorCodeEnum } from "./error-code.js";

@ObjectType("UserError", { simpleResolvers: true, description: "Why a request was refused. Nothing was changed." })
export class UserErrorView {
  @Field(() => ErrorCodeEnum, { description: "As in `errorCatalog`." })
  readonly code!: ErrorCode;

  @Field(() => String, { description: "What is wrong, in a sentence for people." })
  readonly message!: string;

  @Field(() => String, { description: "What the reader can do about it." })
  readonly remedy!: string;

  @Field(() => [String], {
    nullable: true,
    description:
      'The path of the input field at fault, for example `["input", "keyArn"]`. Null when it is about the request as a whole.',
  })
  readonly field!: readonly string[] | null;

  @Field(() => Boolean, { description: RETRYABLE })
  readonly retryable!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: "Milliseconds to wait before trying again. Null when there is no time to tell.",
  })
  readonly retryAfterMs!: number | null;
}
