import { Field, ObjectType } from "type-graphql";
import { BigIntString } from "../scalars/big-int.js";

@ObjectType("JobProgress", { simpleResolvers: true })
export class JobProgressView {
  @Field(() => BigIntString)
  readonly bytesDone!: bigint;

  @Field(() => BigIntString, { nullable: true })
  readonly bytesTotal!: bigint | null;

  @Field(() => BigIntString)
  readonly itemsDone!: bigint;

  @Field(() => BigIntString, { nullable: true })
  readonly itemsTotal!: bigint | null;
}
