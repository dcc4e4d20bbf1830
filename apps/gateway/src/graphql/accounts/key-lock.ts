import { Field, ObjectType } from "type-graphql";
import { DateTime } from "../scalars/date-time.js";

@ObjectType("KeyLock", { simpleResolvers: true })
export class KeyLockView {
  @Field(() => DateTime)
  readonly lockedAt!: Date;

  @Field(() => String)
  readonly lockedBy!: string;

  @Field(() => String)
  readonly reason!: string;
}
