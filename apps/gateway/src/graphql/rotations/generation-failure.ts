import { Field, Int, ObjectType } from "type-graphql";
import { ProblemView } from "../errors/problem.js";
import { BigIntString } from "../scalars/big-int.js";

@ObjectType("GenerationFailure", {
  simpleResolvers: true,
  description: "A generation of the account's key that a rotation could not open.",
})
export class GenerationFailureView {
  @Field(() => Int, { description: "Its number: 1, 2, 3, ..." })
  readonly generation!: number;

  @Field(() => BigIntString, { description: "Succeeded backups that only this generation opens." })
  readonly backups!: bigint;

  @Field(() => ProblemView, { description: "Why it could not be opened." })
  readonly problem!: ProblemView;
}
