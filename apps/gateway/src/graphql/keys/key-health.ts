import type { KeyHealthState } from "@ekm/ekm";
import { Field, ObjectType } from "type-graphql";
import { ProblemView } from "../errors/problem.js";
import { connectionType } from "../relay/connection.js";
import { DateTime } from "../scalars/date-time.js";
import { KeyHealthStateEnum } from "./enums.js";

@ObjectType("KeyHealth", { simpleResolvers: true, description: "What is known of a customer's key at one time." })
export class KeyHealthView {
  @Field(() => KeyHealthStateEnum, { description: "Whether it can be used." })
  readonly state!: KeyHealthState;

  @Field(() => DateTime, { description: "When this state began." })
  readonly since!: Date;

  @Field(() => ProblemView, { nullable: true, description: "Null when HEALTHY." })
  readonly problem!: ProblemView | null;

  @Field(() => [ProblemView], { description: "For example KEY_POLICY_TOO_WIDE." })
  readonly warnings!: readonly ProblemView[];

  @Field(() => DateTime, { description: "When it was last used or probed." })
  readonly checkedAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: "When it last worked. Null when it never did since it became the account's key.",
  })
  readonly lastUsableAt!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "When AWS will delete the key, if it is pending deletion and we may see it.",
  })
  readonly deletionDate!: Date | null;
}

export const KeyHealthConnection = connectionType("KeyHealth", () => KeyHealthView, { counted: false });
