import type { Reference } from "../experiments/fields.js";
import { type AccountEvent, type EventStream, openEvents } from "../product/events.js";
import type { RequestError } from "../product/graphql.js";
import type { Role } from "../product/types.js";
import { HarnessFailure } from "./outcome.js";
import type { AccountHandle, World } from "./world.js";

export interface Heard {
  /** When it came in here, in milliseconds since 1970. */
  readonly receivedAt: number;
  readonly event: AccountEvent;
}

export interface Listener {
  readonly account: AccountHandle;
  readonly token: string;
  /** In the order in which they came, over all of its connections. */
  readonly heard: Heard[];
  stream: EventStream | undefined;
}

const POLL_MS = 25;

/** Who listens to an account's events, by label. Connections are cut at the experiment's end. */
export class Listeners {
  private readonly byLabel = new Map<string, Listener>();

  constructor(private readonly world: World) {}

  /** Null: it listens. */
  async start(label: string, who: { account: AccountHandle; caller: AccountHandle; role: Role }): Promise<RequestError | null> {
    const { account, caller, role } = who;
    const token = await this.world.target.tokens.token(role, role === "SUPPORT" ? undefined : caller.id);
    if (token === undefined) throw new HarnessFailure(`There is no token for ${role} of ${caller.name}.`);
    const listener: Listener = { account, token, heard: [], stream: undefined };
    const refusal = await this.connect(listener);
    if (refusal === null) {
      this.byLabel.set(label, listener);
      this.world.atEnd(async () => listener.stream?.cut());
    }
    return refusal;
  }

  /** Goes on behind the last event heard, on a new connection. */
  resume(listener: Listener): Promise<RequestError | null> {
    listener.stream?.cut();
    return this.connect(listener);
  }

  async cut(listener: Listener): Promise<void> {
    listener.stream?.cut();
    await listener.stream?.ended;
  }

  labelled({ name }: Reference<"label">): Listener {
    const listener = this.byLabel.get(name);
    if (!listener) throw new HarnessFailure(`Nobody listens as "${name}".`);
    return listener;
  }

  /** Until what was heard is enough, or the time is over. */
  async waitUntil(enough: () => boolean, deadline: number): Promise<boolean> {
    for (;;) {
      if (enough()) return true;
      if (Date.now() >= deadline) return false;
      await this.world.sleep(POLL_MS);
    }
  }

  private async connect(listener: Listener): Promise<RequestError | null> {
    const { account, token, heard } = listener;
    const last = heard.at(-1)?.event.id;
    const listening = {
      accountId: account.id,
      ...(last === undefined ? {} : { after: last }),
      hear: (event: AccountEvent) => void heard.push({ receivedAt: Date.now(), event }),
    };
    const opened = await openEvents(this.world.target.gatewayUrl, token, listening, this.world.signal);
    if (!opened.ok) return opened.error;
    listener.stream = opened.stream;
    return null;
  }
}
