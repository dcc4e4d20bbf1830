import type { ErrorCode } from "@ekm/ekm";
import { Field, ObjectType } from "type-graphql";
import { ErrorCodeEnum } from "./error-code.js";

@ObjectType("ErrorCatalogEntry", { simpleResolvers: true })
export class ErrorCatalogEntryView {
  @Field(() => ErrorCodeEnum)
  readonly code!: ErrorCode;

  @Field(() => String)
  readonly meaning!: string;

  @Field(() => String)
  readonly remedy!: string;

  @Field(() => Boolean)
  readonly retryable!: boolean;
}
