import { Field, ID, InputType, ObjectType } from "type-graphql";
import { AccountView } from "../accounts/account.js";
import { ACCOUNT_ID, AS_IT_IS, IDEMPOTENCY_KEY, USER_ERRORS } from "../described.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, IdempotencyKeyBound, TextBound } from "../mutations/limits.js";

/** What locking and unlocking share. */
@InputType({ description: "Whose keys to lock or unlock, and why." })
export class LockAccountKeysInput {
  @Field(() => ID, { nullable: true, description: ACCOUNT_ID })
  @IdBound()
  readonly accountId?: string | null;

  @Field(() => String, { description: "1 to 500 characters, for the account's other users and the audit log." })
  @TextBound()
  readonly reason!: string;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true, description: "The account as it is now, or why nothing was done." })
export class LockAccountKeysPayload {
  @Field(() => AccountView, { nullable: true, description: AS_IT_IS })
  readonly account!: AccountView | null;

  @Field(() => [UserErrorView], { description: USER_ERRORS })
  readonly userErrors!: readonly UserErrorView[];
}
