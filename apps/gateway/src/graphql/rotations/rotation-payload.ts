import { Field, ID, InputType, ObjectType } from "type-graphql";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, IdempotencyKeyBound } from "../mutations/limits.js";
import { KeyRotationView } from "./key-rotation.js";

/** What pausing, resuming and cancelling share. */
@InputType()
export class RotationInput {
  @Field(() => ID)
  @IdBound()
  readonly rotationId!: string;

  @Field(() => String, { nullable: true })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class RotationPayload {
  @Field(() => KeyRotationView, { nullable: true })
  readonly rotation!: KeyRotationView | null;

  @Field(() => [UserErrorView])
  readonly userErrors!: readonly UserErrorView[];
}
