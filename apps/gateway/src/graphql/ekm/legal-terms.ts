import { Field, ObjectType } from "type-graphql";
import { DateTime } from "../scalars/date-time.js";

@ObjectType("LegalTerms", { simpleResolvers: true })
export class LegalTermsView {
  @Field(() => String)
  readonly version!: string;

  @Field(() => String)
  readonly title!: string;

  @Field(() => String)
  readonly body!: string;

  @Field(() => String)
  readonly sha256!: string;

  @Field(() => DateTime)
  readonly publishedAt!: Date;
}

@ObjectType("TermsAcceptance", { simpleResolvers: true })
export class TermsAcceptanceView {
  @Field(() => String)
  readonly version!: string;

  @Field(() => String)
  readonly sha256!: string;

  @Field(() => String)
  readonly acceptedBy!: string;

  @Field(() => DateTime)
  readonly acceptedAt!: Date;
}
