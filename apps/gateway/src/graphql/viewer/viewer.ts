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
);

/** `account` is a field resolver. */
@ObjectType("Viewer", { simpleResolvers: true })
export class ViewerView {
  @Field(() => String)
  readonly subject!: string;

  @Field(() => [RoleEnum])
  readonly roles!: readonly Role[];
}
