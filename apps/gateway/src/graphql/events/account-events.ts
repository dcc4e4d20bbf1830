import type { AccountEvent } from "@ekm/ekm";
import { Arg, Ctx, ID, Resolver, Root, Subscription } from "type-graphql";
import type { GraphQLContext } from "../context.js";
import { badUserInput, forbidden } from "../errors/top-level-errors.js";
import { boundedId } from "../relay/bounded-id.js";
import { AccountEventView } from "./account-event.js";
import { presentAccountEvent } from "./present-account-event.js";

interface Arguments {
  readonly accountId?: string | null;
  readonly after?: string | null;
}

async function listen(
  { accountId, after }: Arguments,
  { caller, useCases, events }: GraphQLContext,
): Promise<AsyncIterable<AccountEvent>> {
  const opened = await useCases.queries.openEvents(caller, {
    ...(accountId == null ? {} : { accountId: boundedId(accountId) }),
    ...(after == null ? {} : { after: boundedId(after) }),
  });
  if (opened.ok) return events.listen(opened.value.accountId, opened.value.after);
  if ("denied" in opened.error) throw forbidden();
  throw badUserInput(opened.error.map(({ message }) => message).join(" "));
}

@Resolver()
export class AccountEvents {
  @Subscription(() => AccountEventView, {
    description: "Health, rotation, lifecycle and job changes of one account; `after` an event's id resumes without a gap.",
    subscribe: ({ args, context }) => listen(args as Arguments, context as GraphQLContext),
  })
  accountEvents(
    @Root() event: AccountEvent,
    @Arg("accountId", () => ID, { nullable: true, description: "Null: the caller's own account." }) _accountId:
      | string
      | null
      | undefined,
    @Arg("after", () => ID, { nullable: true, description: "The id of the last event that was heard. Null: from now on." })
    _after: string | null | undefined,
    @Ctx() context: GraphQLContext,
  ): AccountEventView {
    return presentAccountEvent(event, context);
  }
}
