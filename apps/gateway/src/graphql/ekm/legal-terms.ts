import { Field, ObjectType } from "type-graphql";
import { DateTime } from "../scalars/date-time.js";

@ObjectType("LegalTerms", { simpleResolvers: true, description: "The legal terms of Enterprise Key Management." })
export class LegalTermsView {
  @Field(() => String, { description: "Send it as `acceptedTermsVersion`." })
  readonly version!: string;

  @Field(() => String, { description: "The heading." })
  readonly title!: string;

  @Field(() => String, { description: "The text, plain." })
  readonly body!: string;

  @Field(() => String, { description: "SHA-256 of `body` in UTF-8, hex." })
  readonly sha256!: string;

  @Field(() => DateTime, { description: "When this version came into force." })
  readonly publishedAt!: Date;
}

@ObjectType("TermsAcceptance", { simpleResolvers: true, description: "Who accepted which text." })
export class TermsAcceptanceView {
  @Field(() => String, { description: "The version of the terms." })
  readonly version!: string;

  @Field(() => String, { description: "SHA-256 of the accepted text in UTF-8, hex." })
  readonly sha256!: string;

  @Field(() => String, { description: "The subject of the admin's token." })
  readonly acceptedBy!: string;

  @Field(() => DateTime, { description: "When EKM was enabled with it." })
  readonly acceptedAt!: Date;
}
