import type { RotationStatus } from "@ekm/ekm";
import { Field, Int, ObjectType } from "type-graphql";
import { ProblemView } from "../errors/problem.js";
import { connectionType } from "../relay/connection.js";
import { Node } from "../relay/node.js";
import { DateTime } from "../scalars/date-time.js";
import { KeyArn } from "../scalars/key-arn.js";
import { RotationStatusEnum } from "./enums.js";
import { GenerationFailureView } from "./generation-failure.js";
import { RetirementCertificateView } from "./retirement-certificate.js";

/** `failures` are looked up only when they are asked for. */
@ObjectType("KeyRotation", {
  implements: Node,
  simpleResolvers: true,
  description: "The account's way from one customer's key to another.",
})
export class KeyRotationView extends Node {
  declare readonly __typename: "KeyRotation";

  @Field(() => KeyArn, { description: "The key that protected the account when it began." })
  readonly fromArn!: string;

  @Field(() => KeyArn, { description: "The key that protects it once switched." })
  readonly toArn!: string;

  @Field(() => RotationStatusEnum, { description: "Where it stands." })
  readonly status!: RotationStatus;

  @Field(() => Int, { description: "Generations that have a wrap under the new key by now." })
  readonly rewrapped!: number;

  @Field(() => Int, { description: "Generations that there are." })
  readonly total!: number;

  @Field(() => DateTime, { description: "When the admin started it." })
  readonly startedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: "When it was paused. Null unless PAUSED." })
  readonly pausedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: "When it ended, however it ended. Null before." })
  readonly finishedAt!: Date | null;

  @Field(() => Boolean, { description: "Before the switch only: cancelling is still possible." })
  readonly cancellable!: boolean;

  @Field(() => ProblemView, { nullable: true, description: "What is in its way, or why it FAILED. Null when nothing is." })
  readonly problem!: ProblemView | null;

  @Field(() => [GenerationFailureView], {
    description: "Generations that could not be opened under the old key; the rest went on.",
  })
  readonly failures!: () => Promise<readonly GenerationFailureView[]>;

  @Field(() => RetirementCertificateView, { nullable: true, description: "Present once COMPLETED." })
  readonly retirement!: RetirementCertificateView | null;
}

export const KeyRotationConnection = connectionType("KeyRotation", () => KeyRotationView);
