import type { KeyManagement } from "@ekm/ekm";
import { Field, ObjectType } from "type-graphql";
import { EkmConfigurationView } from "../ekm/ekm-configuration.js";
import { connectionType } from "../relay/connection.js";
import { Node } from "../relay/node.js";
import { DateTime } from "../scalars/date-time.js";
import { KeyManagementEnum } from "./enums.js";
import { KeyLockView } from "./key-lock.js";

/** Its lists (`sources`, `backups`, `restores`, `auditLog`) are field resolvers of their own areas. */
@ObjectType("Account", {
  implements: Node,
  simpleResolvers: true,
  description: "A tenant: its data, and the keys that protect it.",
})
export class AccountView extends Node {
  declare readonly __typename: "Account";

  @Field(() => String, { description: "As support gave it when the account was created. Not unique." })
  readonly name!: string;

  @Field(() => DateTime, { description: "When support created it." })
  readonly createdAt!: Date;

  @Field(() => KeyManagementEnum, { description: "ENTERPRISE once EKM is enabled, and for ever after." })
  readonly keyManagement!: KeyManagement;

  @Field(() => EkmConfigurationView, { nullable: true, description: "Null until support has activated EKM for this account." })
  readonly ekm!: EkmConfigurationView | null;

  @Field(() => KeyLockView, { nullable: true, description: "Set while the account's keys are locked on our side." })
  readonly keyLock!: KeyLockView | null;
}

export const AccountConnection = connectionType("Account", () => AccountView);
