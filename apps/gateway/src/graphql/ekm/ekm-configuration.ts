import { Field, ObjectType } from "type-graphql";
import { CustomerKeyView } from "../keys/customer-key.js";
import { DateTime } from "../scalars/date-time.js";
import { EkmStatusEnum } from "./enums.js";
import { TermsAcceptanceView } from "./legal-terms.js";

@ObjectType("EkmConfiguration", {
  simpleResolvers: true,
  description: "The settings of Enterprise Key Management. They exist once support has activated it.",
})
export class EkmConfigurationView {
  /** For the field resolvers; not in the schema. */
  readonly accountId!: string;

  @Field(() => EkmStatusEnum, { description: "Where EKM of this account stands." })
  readonly status!: "ACTIVATED" | "ENABLED" | "ROTATING";

  @Field(() => DateTime, { description: "When support first activated it." })
  readonly activatedAt!: Date;

  @Field(() => String, { description: "The subject of the supporter who first activated it." })
  readonly activatedBy!: string;

  @Field(() => String, {
    nullable: true,
    description: "The ticket that support named when it activated. Null when it named none.",
  })
  readonly activationTicket!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "An activation that is not used by then lapses (before enabling only). Null: it does not lapse.",
  })
  readonly activationExpiresAt!: Date | null;

  @Field(() => TermsAcceptanceView, { nullable: true, description: "Who accepted which legal terms. Null before enabling." })
  readonly acceptance!: TermsAcceptanceView | null;

  @Field(() => CustomerKeyView, {
    nullable: true,
    description: "The customer's KMS key that protects the account now. Null before enabling.",
  })
  readonly key!: CustomerKeyView | null;
}
