import { Field, ID, InputType, ObjectType } from "type-graphql";
import { AccountView } from "../accounts/account.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, IdempotencyKeyBound, TextBound } from "../mutations/limits.js";

/** What locking and unlocking share. */
@InputType()
export class LockAccountKeysInput {
  @Field(() => ID, { nullable: true })
  @IdBound()
  readonly accountId?: string | null;

  @Field(() => String)
  @TextBound()
  readonly reason!: string;

  @Field(() => String, { nullable: true })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class LockAccountKeysPayload {
  @Field(() => AccountView, { nullable: true })
  readonly account!: AccountView | null;

  @Field(() => [UserErrorView])
  readonly userErrors!: readonly UserErrorView[];
}
