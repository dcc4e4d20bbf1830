import { ACCOUNT_EVENT_KINDS, type AccountEventKind } from "@ekm/ekm";
import { Field, ID, ObjectType } from "type-graphql";
import { AccountView } from "../accounts/account.js";
import { BackupView } from "../backups/backup.js";
import { RestoreView } from "../restores/restore.js";
import { KeyRotationView } from "../rotations/key-rotation.js";
import { DateTime } from "../scalars/date-time.js";
import { enumOf } from "../scalars/enum-of.js";
import { VerificationView } from "../verifications/verification.js";

const AccountEventKindEnum = enumOf("AccountEventKind", ACCOUNT_EVENT_KINDS, "What has changed.", {
  EKM_ACTIVATED: "Support activated EKM, or changed the activation.",
  EKM_ACTIVATION_WITHDRAWN: "Support withdrew the activation.",
  EKM_ACTIVATION_LAPSED: "The activation was not used in time.",
  EKM_ENABLED: "The customer's key protects the account from now on.",
  KEY_HEALTH_CHANGED: "The state of the customer's key, or the reason of it.",
  KEY_PENDING_DELETION: "The customer's key is scheduled for deletion in AWS: act before its date.",
  ROTATION_CHANGED: "A rotation began, went on, or ended: see `rotation`.",
  BACKUP_CHANGED: "A backup began, went on, or ended: see `backup`.",
  RESTORE_CHANGED: "A restore began, went on, or ended: see `restore`.",
  VERIFICATION_CHANGED: "A verification began, went on, or ended: see `verification`.",
  KEYS_LOCKED: "The account's keys were locked on our side.",
  KEYS_UNLOCKED: "The account's keys were unlocked.",
});

/** Everything is looked up when the event is delivered: it shows the present state, not the state of then. */
@ObjectType("AccountEvent", {
  simpleResolvers: true,
  description: "Something of an account has changed. Its fields show the present state, not the state of then.",
})
export class AccountEventView {
  @Field(() => ID, { description: "Pass the last one as `after` to go on without a gap." })
  readonly id!: string;

  @Field(() => DateTime, { description: "When it changed." })
  readonly at!: Date;

  @Field(() => AccountEventKindEnum, { description: "What changed." })
  readonly kind!: AccountEventKind;

  @Field(() => AccountView, { description: "The account as it is now." })
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
