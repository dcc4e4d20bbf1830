import { Field, ObjectType } from "type-graphql";

@ObjectType("GrantTemplate", {
  simpleResolvers: true,
  description:
    "statements: to merge into an existing key policy; keyPolicy: a whole policy that keeps the owner's administration.",
})
export class GrantTemplateView {
  @Field(() => String, { description: "JSON: the two statements, to merge into an existing key policy." })
  readonly statements!: string;

  @Field(() => String, {
    description: "JSON: a whole key policy that keeps the owner's administration. AWS replaces the policy that was there.",
  })
  readonly keyPolicy!: string;

  @Field(() => String, { description: "YAML: a stack that makes the key with its policy." })
  readonly cloudFormation!: string;

  @Field(() => String, { description: "HCL: a configuration that makes the key with its policy." })
  readonly terraform!: string;

  @Field(() => String, { description: "Shell: commands of the AWS CLI that do the same." })
  readonly awsCli!: string;
}
