import { CURRENT_TERMS, grantTemplate } from "@ekm/ekm";
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { KeyArn, partsOf } from "../scalars/key-arn.js";
import { shown } from "../shown.js";
import { EkmConfigurationView } from "./ekm-configuration.js";
import { GrantTemplateView } from "./grant-template.js";
import { KeyImpactView } from "./key-impact.js";
import { LegalTermsView } from "./legal-terms.js";

@Resolver(() => EkmConfigurationView)
export class EkmConfigurationFields {
  @FieldResolver(() => String)
  vendorAwsAccountId(@Ctx() { vendor }: GraphQLContext): string {
    return vendor.awsAccountId;
  }

  @FieldResolver(() => String)
  vendorPrincipalArn(@Ctx() { vendor }: GraphQLContext): string {
    return vendor.principalArn;
  }

  @FieldResolver(() => GrantTemplateView, {
    description:
      "What the customer adds in AWS: least privilege, bound to this account by encryption context. Placeholders without keyArn.",
  })
  grantTemplate(
    @Root() ekm: EkmConfigurationView,
    @Arg("keyArn", () => KeyArn, { nullable: true }) keyArn: string | null | undefined,
    @Ctx() { vendor }: GraphQLContext,
  ): GrantTemplateView {
    return grantTemplate({
      accountId: ekm.accountId,
      vendorAwsAccountId: vendor.awsAccountId,
      vendorPrincipalArn: vendor.principalArn,
      ...(keyArn == null ? {} : { key: partsOf(keyArn) }),
    });
  }

  @FieldResolver(() => LegalTermsView)
  terms(): LegalTermsView {
    return CURRENT_TERMS;
  }

  @FieldResolver(() => KeyImpactView, { description: "What stops working if this key becomes unusable." })
  impact(@Root() ekm: EkmConfigurationView, @Ctx() { caller, useCases }: GraphQLContext): Promise<KeyImpactView> {
    return shown(useCases.queries.keyImpact(caller, ekm.accountId));
  }

  @FieldResolver(() => Int, {
    description: "The promise: lease + 1 s from the moment a change is effective in AWS. AWS's own propagation comes before it.",
  })
  revocationWindowSeconds(@Ctx() { settings }: GraphQLContext): number {
    return settings.leaseSeconds + 1;
  }
}
