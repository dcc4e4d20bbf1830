import { Field, ObjectType } from "type-graphql";
import { CustomerKeyView } from "../keys/customer-key.js";
import { DateTime } from "../scalars/date-time.js";
import { EkmStatusEnum } from "./enums.js";
import { TermsAcceptanceView } from "./legal-terms.js";

@ObjectType("EkmConfiguration", { simpleResolvers: true })
export class EkmConfigurationView {
  /** For the field resolvers; not in the schema. */
  readonly accountId!: string;

  @Field(() => EkmStatusEnum)
  readonly status!: "ACTIVATED" | "ENABLED" | "ROTATING";

  @Field(() => DateTime)
  readonly activatedAt!: Date;

  @Field(() => String)
  readonly activatedBy!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: "An activation that is not used by then lapses (before enabling only). Null: it does not lapse.",
  })
  readonly activationExpiresAt!: Date | null;

  @Field(() => TermsAcceptanceView, { nullable: true })
  readonly acceptance!: TermsAcceptanceView | null;

  @Field(() => CustomerKeyView, { nullable: true })
  readonly key!: CustomerKeyView | null;
}
