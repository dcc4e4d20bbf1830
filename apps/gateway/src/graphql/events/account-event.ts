import { ACCOUNT_EVENT_KINDS, type AccountEventKind } from "@ekm/ekm";
import { Field, ID, ObjectType } from "type-graphql";
import { AccountView } from "../accounts/account.js";
import { BackupView } from "../backups/backup.js";
import { RestoreView } from "../restores/restore.js";
import { KeyRotationView } from "../rotations/key-rotation.js";
import { DateTime } from "../scalars/date-time.js";
import { enumOf } from "../scalars/enum-of.js";
import { VerificationView } from "../verifications/verification.js";

const AccountEventKindEnum = enumOf("AccountEventKind", ACCOUNT_EVENT_KINDS);

/** Everything is looked up when the event is delivered: it shows the present state, not the state of then. */
@ObjectType("AccountEvent", { simpleResolvers: true })
export class AccountEventView {
  @Field(() => ID, { description: "Pass the last one as `after` to go on without a gap." })
  readonly id!: string;

  @Field(() => DateTime)
  readonly at!: Date;

  @Field(() => AccountEventKindEnum)
  readonly kind!: AccountEventKind;

  @Field(() => AccountView)
  readonly account!: () => Promise<AccountView>;

  @Field(() => KeyRotationView, { nullable: true, description: "Set for ROTATION_CHANGED." })
  readonly rotation!: () => Promise<KeyRotationView | null>;

  @Field(() => BackupView, { nullable: true, description: "Set for BACKUP_CHANGED." })
  readonly backup!: () => Promise<BackupView | null>;

  @Field(() => RestoreView, { nullable: true, description: "Set for RESTORE_CHANGED." })
  readonly restore!: () => Promise<RestoreView | null>;

  @Field(() => VerificationView, { nullable: true, description: "Set for VERIFICATION_CHANGED." })
  readonly verification!: () => Promise<VerificationView | null>;
}
