import { Field, ObjectType } from "type-graphql";

@ObjectType("GrantTemplate", {
  simpleResolvers: true,
  description:
    "statements: to merge into an existing key policy; keyPolicy: a whole policy that keeps the owner's administration.",
})
export class GrantTemplateView {
  @Field(() => String)
  readonly statements!: string;

  @Field(() => String)
  readonly keyPolicy!: string;

  @Field(() => String)
  readonly cloudFormation!: string;

  @Field(() => String)
  readonly terraform!: string;

  @Field(() => String)
  readonly awsCli!: string;
}
