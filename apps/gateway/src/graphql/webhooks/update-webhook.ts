import type { WebhookEventKind } from "@ekm/ekm";
import { ArrayMaxSize } from "class-validator";
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { INPUT, USER_ERRORS } from "../described.js";
import { UserErrorView } from "../errors/user-error.js";
import { PathBound, TextBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { MAX_KINDS } from "./create-webhook.js";
import { WebhookEventKindEnum } from "./enums.js";
import { presentWebhook } from "./present-webhook.js";
import { WebhookView } from "./webhook.js";
import { WebhookInput } from "./webhook-payloads.js";

@InputType({ description: "What is to change; what is omitted stays." })
export class UpdateWebhookInput extends WebhookInput {
  @Field(() => String, { nullable: true, description: "As for createWebhook. What waits goes there too. Null: as it is." })
  @PathBound()
  readonly url?: string | null;

  @Field(() => [WebhookEventKindEnum], { nullable: true, description: "What it is told of from now on. Null: as it is." })
  @ArrayMaxSize(MAX_KINDS)
  readonly kinds?: readonly WebhookEventKind[] | null;

  @Field(() => String, { nullable: true, description: "What people call it. Null: as it is." })
  @TextBound()
  readonly description?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "false: nothing new is sent, and what waits ends FAILED. true: new messages are sent, whyever it was disabled. Null: as it is.",
  })
  readonly enabled?: boolean | null;
}

@ObjectType({ simpleResolvers: true, description: "The webhook as it is now." })
export class UpdateWebhookPayload {
  @Field(() => WebhookView, { nullable: true, description: "Null when the request was refused." })
  readonly webhook!: WebhookView | null;

  @Field(() => [UserErrorView], { description: USER_ERRORS })
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class UpdateWebhook {
  @Mutation(() => UpdateWebhookPayload, { description: "Changes a webhook, enables or disables it." })
  async updateWebhook(
    @Arg("input", () => UpdateWebhookInput, { description: INPUT }) input: UpdateWebhookInput,
    @Ctx() context: GraphQLContext,
  ): Promise<UpdateWebhookPayload> {
    const { value, userErrors } = await settle(() => context.useCases.updateWebhook(context.caller, withoutNulls(input)));
    return { webhook: value && presentWebhook(value, context.now()), userErrors };
  }
}
