import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { IDEMPOTENCY_KEY, INPUT, USER_ERRORS } from "../described.js";
import { UserErrorView } from "../errors/user-error.js";
import { IdBound, IdempotencyKeyBound } from "../mutations/limits.js";
import { settle } from "../mutations/settle.js";
import { withoutNulls } from "../mutations/without-nulls.js";
import { Node } from "../relay/node.js";
import { presentNode } from "../relay/present-node.js";

@InputType({ description: "Which job to stop." })
export class CancelJobInput {
  @Field(() => ID, { description: "The id of a backup, restore or verification." })
  @IdBound()
  readonly jobId!: string;

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  @IdempotencyKeyBound()
  readonly idempotencyKey?: string | null;
}

@ObjectType({ simpleResolvers: true, description: "The job that was cancelled, or why it was not." })
export class CancelJobPayload {
  @Field(() => Node, {
    nullable: true,
    description: "The backup, restore or verification as it is now. Null when there are userErrors.",
  })
  readonly job!: Node | null;

  @Field(() => [UserErrorView], { description: USER_ERRORS })
  readonly userErrors!: readonly UserErrorView[];
}

@Resolver()
export class CancelJob {
  @Mutation(() => CancelJobPayload, {
    description:
      "jobId: of a backup, restore or verification. A queued one is CANCELLED at once, a running one at its next frame.",
  })
  async cancelJob(
    @Arg("input", () => CancelJobInput, { description: INPUT }) input: CancelJobInput,
    @Ctx() context: GraphQLContext,
  ): Promise<CancelJobPayload> {
    const { value, userErrors } = await settle(() => context.useCases.cancelJob(context.caller, withoutNulls(input)));
    return { job: value && presentNode(value, context), userErrors };
  }
}
