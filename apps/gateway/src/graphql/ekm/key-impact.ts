import { Field, Int, ObjectType } from "type-graphql";
import { BigIntString } from "../scalars/big-int.js";

@ObjectType("KeyImpact", { simpleResolvers: true, description: "What depends on the account's key." })
export class KeyImpactView {
  @Field(() => BigIntString, { description: "Succeeded backups." })
  readonly backups!: bigint;

  @Field(() => BigIntString, { description: "Their content in bytes, before encryption." })
  readonly bytes!: bigint;

  @Field(() => Int, { description: "Generations of the account's key that these backups were sealed under." })
  readonly generations!: number;
}
