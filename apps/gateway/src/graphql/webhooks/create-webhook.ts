import type { WebhookEventKind } from "@ekm/ekm";
import { ArrayMaxSize } from "class-validator";
import { Arg, Ctx, Field, ID, InputType, Mutation, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { ACCOUNT_ID, IDEMPOTENCY_KEY, INPUT } from "../described.js";
import { IdBound, IdempotencyKeyBound, PathBound, TextBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { WebhookEventKindEnum } from "./enums.js";
import { presentSecret, WebhookSecretPayload } from "./webhook-payloads.js";

/** More than there are kinds, repeated ones included. */
export const MAX_KINDS = 100;

@InputType({ description: "A receiver to be." })
export class CreateWebhookInput {
  @Field(() => ID, { nullable: true, description: ACCOUNT_ID })
  @IdBound()
  readonly accountId?: string | null;

  @Field(() => String, { description: "An https URL on the public Internet, without user name, password and fragment." })
  @PathBound()
  readonly url!: string;

  @Field(() => [WebhookEventKindEnum], {
    nullable: true,
    description: "What it is told of. Null: all, those to come too.",
  })
  @ArrayMaxSize(MAX_KINDS)
  readonly kinds?: readonly WebhookEventKind[] | null;

  @Field(() => String, { nullable: true, description: "What people call it. Null: nothing." })
  @TextBound()
  readonly description?: string | null;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@Resolver()
export class CreateWebhook {
  @Mutation(() => WebhookSecretPayload, { description: "Adds a receiver. The answer shows its secret, once." })
  async createWebhook(
    @Arg("input", () => CreateWebhookInput, { description: INPUT }) input: CreateWebhookInput,
    @Ctx() context: GraphQLContext,
  ): Promise<WebhookSecretPayload> {
    return presentSecret(await settle(() => context.useCases.createWebhook(context.caller, withoutNulls(input))), context.now());
  }
}
