import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { INPUT, USER_ERRORS } from "../described.js";
import { UserErrorView } from "../errors/user-error.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { WebhookInput } from "./webhook-payloads.js";

@ObjectType({ simpleResolvers: true, description: "What is gone." })
export class DeleteWebhookPayload {
  @Field(() => ID, { nullable: true, description: "Its id. Null when the request was refused." })
  readonly deletedWebhookId!: string | null;

  @Field(() => [UserErrorView], { description: USER_ERRORS })
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class DeleteWebhook {
  @Mutation(() => DeleteWebhookPayload, { description: "With its secrets and its deliveries, those that wait too." })
  async deleteWebhook(
    @Arg("input", () => WebhookInput, { description: INPUT }) input: WebhookInput,
    @Ctx() context: GraphQLContext,
  ): Promise<DeleteWebhookPayload> {
    const { value, userErrors } = await settle(() => context.useCases.deleteWebhook(context.caller, withoutNulls(input)));
    return { deletedWebhookId: value?.id ?? null, userErrors };
  }
}
