import { CURRENT_TERMS, grantTemplate } from "@ekm/ekm";
import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { presentProblem } from "../errors/present-problem.js";
import { badUserInput } from "../errors/top-level-errors.js";
import { GenerationFailureView } from "../rotations/generation-failure.js";
import { KeyArn, partsOf } from "../scalars/key-arn.js";
import { shown } from "../shown.js";
import { EkmConfigurationView } from "./ekm-configuration.js";
import { GrantTemplateView } from "./grant-template.js";
import { KeyImpactView } from "./key-impact.js";
import { LegalTermsView } from "./legal-terms.js";

@Resolver(() => EkmConfigurationView)
export class EkmConfigurationFields {
  @FieldResolver(() => String, { description: "Our 12-digit AWS account id, to which the customer grants the use of the key." })
  vendorAwsAccountId(@Ctx() { vendor }: GraphQLContext): string {
    return vendor.awsAccountId;
  }

  @FieldResolver(() => String, { description: "The role in our AWS account that uses the key; the grant template names it." })
  vendorPrincipalArn(@Ctx() { vendor }: GraphQLContext): string {
    return vendor.principalArn;
  }

  @FieldResolver(() => GrantTemplateView, {
    description:
      "What the customer adds in AWS: least privilege, bound to this account by encryption context, and by `requireSessionTag` to a session of this account too. Placeholders without keyArn.",
  })
  grantTemplate(
    @Root() ekm: EkmConfigurationView,
    @Arg("keyArn", () => KeyArn, {
      nullable: true,
      description: "Fills in the key's Region and account. Null: placeholders, or a template that makes the key.",
    })
    keyArn: string | null | undefined,
    @Arg("requireSessionTag", () => Boolean, {
      nullable: true,
      description:
        "Default: whether this installation uses keys under a session of each account. True is refused where it does not: such a policy would shut it out.",
    })
    requireSessionTag: boolean | null | undefined,
    @Ctx() { vendor }: GraphQLContext,
  ): GrantTemplateView {
    const sessions = vendor.sessionPerAccount === true;
    if (requireSessionTag === true && !sessions) {
      throw badUserInput(
        "This installation has no session of each account: a key policy that requires its tag would shut it out.",
      );
    }
    return grantTemplate({
      requireSessionTag: requireSessionTag ?? sessions,
      accountId: ekm.accountId,
      vendorAwsAccountId: vendor.awsAccountId,
      vendorPrincipalArn: vendor.principalArn,
      ...(keyArn == null ? {} : { key: partsOf(keyArn) }),
    });
  }

  @FieldResolver(() => LegalTermsView, { description: "The legal terms in force now, to be read before enabling." })
  terms(): LegalTermsView {
    return CURRENT_TERMS;
  }

  @FieldResolver(() => KeyImpactView, { description: "What stops working if this key becomes unusable." })
  impact(@Root() ekm: EkmConfigurationView, @Ctx() { caller, useCases }: GraphQLContext): Promise<KeyImpactView> {
    return shown(useCases.queries.keyImpact(caller, ekm.accountId));
  }

  @FieldResolver(() => [GenerationFailureView], {
    description: "What enabling left behind by acceptLossOfUnreadable. One that a rotation can move after all is no longer here.",
  })
  async leftBehind(
    @Root() ekm: EkmConfigurationView,
    @Ctx() { caller, useCases }: GraphQLContext,
  ): Promise<readonly GenerationFailureView[]> {
    const left = await shown(useCases.queries.leftGenerations(caller, ekm.accountId));
    return left.map(({ problem, ...generation }) => ({ ...generation, problem: presentProblem(problem) }));
  }

  @FieldResolver(() => Int, {
    description: "The promise: lease + 1 s from the moment a change is effective in AWS. AWS's own propagation comes before it.",
  })
  revocationWindowSeconds(@Ctx() { settings }: GraphQLContext): number {
    return settings.leaseSeconds + 1;
  }
}
