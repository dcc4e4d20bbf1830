import { Field, ObjectType } from "type-graphql";
import { BigIntString } from "../scalars/big-int.js";

@ObjectType("JobProgress", { simpleResolvers: true, description: "How far a job has come." })
export class JobProgressView {
  @Field(() => BigIntString, { description: "Bytes of content done, before encryption." })
  readonly bytesDone!: bigint;

  @Field(() => BigIntString, { nullable: true, description: "Bytes in all. Null while they are not known." })
  readonly bytesTotal!: bigint | null;

  @Field(() => BigIntString, { description: "Files done." })
  readonly itemsDone!: bigint;

  @Field(() => BigIntString, { nullable: true, description: "Files in all. Null while they are not known." })
  readonly itemsTotal!: bigint | null;
}
