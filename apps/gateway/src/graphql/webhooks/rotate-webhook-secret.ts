import { Arg, Ctx, Field, InputType, Mutation, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { INPUT } from "../described.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { presentSecret, WebhookInput, WebhookSecretPayload } from "./webhook-payloads.js";

@InputType({ description: "Which secret, and what becomes of the former one." })
export class RotateWebhookSecretInput extends WebhookInput {
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      "true: former secrets end now, as one must that has leaked. false: messages carry their signatures too for 24 hours.",
  })
  readonly endFormer?: boolean | null;
}

@Resolver()
export class RotateWebhookSecret {
  @Mutation(() => WebhookSecretPayload, {
    description:
      "Makes a new secret, which the answer shows once. At most three are valid at once: a further rotation ends the oldest.",
  })
  async rotateWebhookSecret(
    @Arg("input", () => RotateWebhookSecretInput, { description: INPUT }) input: RotateWebhookSecretInput,
    @Ctx() context: GraphQLContext,
  ): Promise<WebhookSecretPayload> {
    return presentSecret(
      await settle(() => context.useCases.rotateWebhookSecret(context.caller, withoutNulls(input))),
      context.now(),
    );
  }
}
