import type { KeyHealthState, KeyManagement } from "@ekm/ekm";
import { Field, InputType } from "type-graphql";
import { EkmStatusEnum } from "../ekm/enums.js";
import { KeyHealthStateEnum } from "../keys/enums.js";
import { NameBound, PrintableBound } from "../mutations/limits.js";
import { KeyManagementEnum } from "./enums.js";

@InputType("AccountFilter")
export class AccountFilterInput {
  @Field(() => KeyManagementEnum, { nullable: true })
  readonly keyManagement?: KeyManagement | null;

  @Field(() => EkmStatusEnum, { nullable: true })
  readonly ekmStatus?: "ACTIVATED" | "ENABLED" | "ROTATING" | null;

  @Field(() => KeyHealthStateEnum, { nullable: true })
  readonly health?: KeyHealthState | null;

  @Field(() => String, { nullable: true })
  @NameBound()
  @PrintableBound()
  readonly search?: string | null;
}
