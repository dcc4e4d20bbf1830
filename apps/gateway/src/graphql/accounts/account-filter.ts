import type { KeyHealthState, KeyManagement } from "@ekm/ekm";
import { Field, InputType } from "type-graphql";
import { EkmStatusEnum } from "../ekm/enums.js";
import { KeyHealthStateEnum } from "../keys/enums.js";
import { NameBound, PrintableBound } from "../mutations/limits.js";
import { KeyManagementEnum } from "./enums.js";

@InputType("AccountFilter", { description: "Narrows a list of accounts. What is left out, or null, narrows nothing." })
export class AccountFilterInput {
  @Field(() => KeyManagementEnum, { nullable: true, description: "Only accounts under this key management." })
  readonly keyManagement?: KeyManagement | null;

  @Field(() => EkmStatusEnum, { nullable: true, description: "Only accounts where EKM stands here." })
  readonly ekmStatus?: "ACTIVATED" | "ENABLED" | "ROTATING" | null;

  @Field(() => KeyHealthStateEnum, {
    nullable: true,
    description: "Only accounts whose customer's key was last seen in this state.",
  })
  readonly health?: KeyHealthState | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Part of the name, in whatever case; or, whole: the account's id, the ARN of a KMS key that it uses, used or rotates to, the id of its key, or the 12-digit AWS account that owns its key.",
  })
  @NameBound()
  @PrintableBound()
  readonly search?: string | null;
}
