import type { ErrorCode } from "@ekm/ekm";
import { Field, ObjectType } from "type-graphql";
import { RETRYABLE } from "../described.js";
import { ErrorCodeEnum } from "./error-code.js";

@ObjectType("ErrorCatalogEntry", { simpleResolvers: true, description: "What an error code means." })
export class ErrorCatalogEntryView {
  @Field(() => ErrorCodeEnum, { description: "The code." })
  readonly code!: ErrorCode;

  @Field(() => String, { description: "What happened, in one sentence." })
  readonly meaning!: string;

  @Field(() => String, { description: "What the reader can do about it." })
  readonly remedy!: string;

  @Field(() => Boolean, { description: RETRYABLE })
  readonly retryable!: boolean;
}
