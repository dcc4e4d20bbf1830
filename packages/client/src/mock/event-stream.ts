import { GraphQLError } from "graphql";
import type { EventRecord, World } from "./world.js";

export interface ListenRequest {
  readonly accountId: string;
  readonly after?: string | null | undefined;
}

/** Those who listen, in this process. */
export interface EventStream {
  /** There is something new in the world. */
  wake(): void;
  /** The events of an account behind `after`, and then each as it comes. Throws for an `after` that is none. */
  listen<Told>(world: () => World, request: ListenRequest, tell: (event: EventRecord) => Told): AsyncIterableIterator<Told>;
}

export function createEventStream(): EventStream {
  const waiting = new Set<() => void>();
  return {
    wake() {
      for (const wake of [...waiting]) wake();
      waiting.clear();
    },
    listen(world, { accountId, after }, tell) {
      const own = () => world().events.filter((event) => event.accountId === accountId);
      const last = after == null ? world().events.at(-1) : own().find(({ id }) => id === after);
      if (after != null && last === undefined) {
        throw new GraphQLError("`after` is not the id of an event of this account.", { extensions: { code: "BAD_USER_INPUT" } });
      }
      let place = last?.sequence ?? 0;
      let ended = false;
      let wake = () => {};
      return {
        async next() {
          while (!ended) {
            const event = own().find(({ sequence }) => sequence > place);
            if (event !== undefined) {
              place = event.sequence;
              return { value: tell(event), done: false };
            }
            await new Promise<void>((resolve) => {
              wake = resolve;
              waiting.add(wake);
            });
          }
          return { value: undefined, done: true };
        },
        async return() {
          ended = true;
          waiting.delete(wake);
          wake();
          return { value: undefined, done: true };
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
  };
}
