import { Field, ObjectType } from "type-graphql";
import { DateTime } from "../scalars/date-time.js";

@ObjectType("KeyLock", {
  simpleResolvers: true,
  description: "A lock that an admin put on the account's keys on our side. AWS knows nothing of it.",
})
export class KeyLockView {
  @Field(() => DateTime, { description: "When it was put." })
  readonly lockedAt!: Date;

  @Field(() => String, { description: "The subject of the token that asked for it." })
  readonly lockedBy!: string;

  @Field(() => String, { description: "As that admin gave it." })
  readonly reason!: string;
}
