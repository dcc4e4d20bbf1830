import { Field, ID, InputType, ObjectType } from "type-graphql";
import { IDEMPOTENCY_KEY, USER_ERRORS } from "../described.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, IdempotencyKeyBound } from "../mutations/limits.js";
import { KeyRotationView } from "./key-rotation.js";

/** What pausing, resuming and cancelling share. */
@InputType({ description: "Which rotation it is about." })
export class RotationInput {
  @Field(() => ID, { description: "A rotation of the caller's account." })
  @IdBound()
  readonly rotationId!: string;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true, description: "The rotation as it is now, or why nothing was done." })
export class RotationPayload {
  @Field(() => KeyRotationView, { nullable: true, description: "The rotation as it is now. Null when there are userErrors." })
  readonly rotation!: KeyRotationView | null;

  @Field(() => [UserErrorView], { description: USER_ERRORS })
  readonly userErrors!: readonly UserErrorView[];
}
