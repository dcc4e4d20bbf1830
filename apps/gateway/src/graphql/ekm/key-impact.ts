import { Field, Int, ObjectType } from "type-graphql";
import { BigIntString } from "../scalars/big-int.js";

@ObjectType("KeyImpact", { simpleResolvers: true })
export class KeyImpactView {
  @Field(() => BigIntString)
  readonly backups!: bigint;

  @Field(() => BigIntString)
  readonly bytes!: bigint;

  @Field(() => Int)
  readonly generations!: number;
}
