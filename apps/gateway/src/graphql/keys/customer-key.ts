import { Field, ObjectType } from "type-graphql";
import { DateTime } from "../scalars/date-time.js";
import { KeyArn } from "../scalars/key-arn.js";

@ObjectType("CustomerKey", {
  simpleResolvers: true,
  description: "The KMS key, in the customer's own AWS account, that protects this account.",
})
export class CustomerKeyView {
  /** For the field resolvers; not in the schema. */
  readonly accountId!: string;

  @Field(() => KeyArn, { description: "Its ARN." })
  readonly arn!: string;

  @Field(() => String, { description: "The 12-digit id of the AWS account that owns it." })
  readonly awsAccountId!: string;

  @Field(() => String, { description: "The AWS Region that it lives in." })
  readonly region!: string;

  @Field(() => Boolean, { description: "A multi-Region key: a replica elsewhere may stay usable when this one is disabled." })
  readonly multiRegion!: boolean;

  @Field(() => DateTime, { description: "When it became the account's key, by enabling or by a rotation." })
  readonly enabledAt!: Date;
}
