import type { Role } from "@ekm/ekm";
import { Field, ObjectType } from "type-graphql";
import { enumOf } from "../scalars/enum-of.js";

export const RoleEnum = enumOf(
  "Role",
  ["ACCOUNT_ADMIN", "ACCOUNT_VIEWER", "BACKUP_OPERATOR", "SUPPORT"],
  [
    "ACCOUNT_ADMIN: all of its own account. ACCOUNT_VIEWER: reads it. BACKUP_OPERATOR: backups and restores of it.",
    "SUPPORT: any account: create, activate, withdraw, look; never enable, rotate, lock, back up or restore.",
  ].join("\n"),
  {
    ACCOUNT_ADMIN: "All of its own account.",
    ACCOUNT_VIEWER: "Reads its own account.",
    BACKUP_OPERATOR: "Reads its own account; starts and cancels backups, restores and verifications of it.",
    SUPPORT: "Any account: creates, activates, withdraws and looks, each look audited.",
  },
);

/** `account` is a field resolver. */
@ObjectType("Viewer", { simpleResolvers: true, description: "Who asks, by the token." })
export class ViewerView {
  @Field(() => String, { description: "The token's `sub`." })
  readonly subject!: string;

  @Field(() => [RoleEnum], { description: "The token's roles. Empty: nothing but this may be asked." })
  readonly roles!: readonly Role[];
}
