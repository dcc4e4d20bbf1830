import { Field, ObjectType } from "type-graphql";
import { DateTime } from "../scalars/date-time.js";
import { KeyArn } from "../scalars/key-arn.js";

@ObjectType("CustomerKey", { simpleResolvers: true })
export class CustomerKeyView {
  /** For the field resolvers; not in the schema. */
  readonly accountId!: string;

  @Field(() => KeyArn)
  readonly arn!: string;

  @Field(() => String)
  readonly awsAccountId!: string;

  @Field(() => String)
  readonly region!: string;

  @Field(() => Boolean)
  readonly multiRegion!: boolean;

  @Field(() => DateTime)
  readonly enabledAt!: Date;
}
