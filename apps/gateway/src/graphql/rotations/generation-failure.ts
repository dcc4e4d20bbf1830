import { Field, Int, ObjectType } from "type-graphql";
import { ProblemView } from "../errors/problem.js";
import { BigIntString } from "../scalars/big-int.js";

@ObjectType("GenerationFailure", { simpleResolvers: true })
export class GenerationFailureView {
  @Field(() => Int)
  readonly generation!: number;

  @Field(() => BigIntString)
  readonly backups!: bigint;

  @Field(() => ProblemView)
  readonly problem!: ProblemView;
}
