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
@ObjectType("KeyRotation", { implements: Node, simpleResolvers: true })
export class KeyRotationView extends Node {
  declare readonly __typename: "KeyRotation";

  @Field(() => KeyArn)
  readonly fromArn!: string;

  @Field(() => KeyArn)
  readonly toArn!: string;

  @Field(() => RotationStatusEnum)
  readonly status!: RotationStatus;

  @Field(() => Int)
  readonly rewrapped!: number;

  @Field(() => Int)
  readonly total!: number;

  @Field(() => DateTime)
  readonly startedAt!: Date;

  @Field(() => DateTime, { nullable: true })
  readonly pausedAt!: Date | null;

  @Field(() => DateTime, { nullable: true })
  readonly finishedAt!: Date | null;

  @Field(() => Boolean)
  readonly cancellable!: boolean;

  @Field(() => ProblemView, { nullable: true })
  readonly problem!: ProblemView | null;

  @Field(() => [GenerationFailureView], {
    description: "Generations that could not be opened under the old key; the rest went on.",
  })
  readonly failures!: () => Promise<readonly GenerationFailureView[]>;

  @Field(() => RetirementCertificateView, { nullable: true, description: "Present once COMPLETED." })
  readonly retirement!: RetirementCertificateView | null;
}

export const KeyRotationConnection = connectionType("KeyRotation", () => KeyRotationView);
