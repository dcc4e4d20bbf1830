// @vitest-environment happy-dom
// Invariant: the hooks show what the API says, send one intention as one, and hear events for as long as their component is there.
import { createElement, type ReactElement } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BackupsDocument, EnableEkmDocument, LockAccountKeysDocument, StartBackupDocument } from "../src/index.js";
import { createMockEkmClient, type MockEkmClient, type MockStateName } from "../src/mock/index.js";
import * as hooks from "../src/react/index.js";
import { operations } from "./support/operations.js";

const { EkmProvider, useAccountEvents, useAccountSettingsQuery, useEkmClient, useIntention } = hooks;

let root: Root;
let place: HTMLElement;
let client: MockEkmClient;
let uncaught: unknown[];
beforeEach(() => {
  uncaught = [];
  place = document.createElement("main");
  document.body.append(place);
  root = createRoot(place, { onUncaughtError: (error) => void uncaught.push(error) });
});
afterEach(() => {
  root.unmount();
  place.remove();
  client.dispose();
});

function show(component: () => ReactElement, state: MockStateName): void {
  client = createMockEkmClient({ state, paceMs: 0, reconnectDelayMs: () => 0 });
  root.render(createElement(EkmProvider, { client }, createElement(component)));
}
const text = () => place.textContent;
const until = (check: () => unknown) => expect.poll(check, { timeout: 10_000 });
const click = (id: string) => place.querySelector<HTMLElement>(`#${id}`)?.click();

let told = 0;
function Settings(): ReactElement {
  const [{ data, fetching, error }, reload] = useAccountSettingsQuery();
  const { connected, latest } = useAccountEvents({
    event() {
      told += 1;
      reload({ requestPolicy: "network-only" });
    },
    gap: () => reload({ requestPolicy: "network-only" }),
  });
  if (fetching && data === undefined) return createElement("p", null, "reading");
  if (error !== undefined) return createElement("p", null, error.message);
  const { key, status } = data?.account?.ekm ?? {};
  return createElement(
    "p",
    null,
    [status ?? "none", key?.health.state ?? "-", latest?.kind ?? "-", connected ? "live" : "cut"].join(" "),
  );
}

describe("a component", () => {
  it("shows what the API says, and what has changed since", async () => {
    show(Settings, "activated");
    await until(text).toBe("ACTIVATED - - live");
    client.mock.show("unusable.KEY_DISABLED");
    await until(text).toBe("ENABLED UNUSABLE KEY_HEALTH_CHANGED live");
    client.mock.setOffline(true);
    await until(text).toMatch(/cut$/);
    client.mock.setOffline(false);
    client.mock.show("enabled");
    await until(text).toBe("ENABLED HEALTHY EKM_ENABLED live");
  });

  it("shows why there is nothing to show", async () => {
    show(Settings, "answers.FORBIDDEN");
    await until(text).toContain("Your role does not allow this.");
  });

  it("stops to listen when it is gone", async () => {
    show(Settings, "enabled");
    await until(text).toMatch(/live$/);
    root.render(createElement("p", null, "elsewhere"));
    await until(text).toBe("elsewhere");
    let heard = 0;
    client.onAccountEvents({}, { event: () => void heard++ });
    const another = (seen: number) =>
      until(() => {
        client.mock.show(heard % 2 === 0 ? "locked" : "enabled");
        return heard;
      }).toBeGreaterThan(seen);
    await another(0); // React takes effects back a little after the text is gone
    const before = told;
    await another(heard);
    expect(told).toBe(before);
  });

  it("sends an intention once, although its button is pressed twice", async () => {
    function BackUp({ sourceId }: { sourceId: string }): ReactElement {
      const [{ sending }, backUp] = useIntention(StartBackupDocument);
      return createElement(
        "button",
        { type: "button", id: "go", onClick: () => void backUp({ sourceId }) },
        sending ? "sending" : "ready",
      );
    }
    client = createMockEkmClient({ paceMs: 0 });
    const backups = async () => {
      const result = await client.query(BackupsDocument);
      return (result.ok && result.data.account?.backups.nodes) || [];
    };
    const [{ source } = { source: { id: "" } }] = await backups();
    const before = (await backups()).length;
    root.render(createElement(EkmProvider, { client }, createElement(BackUp, { sourceId: source.id })));
    await until(text).toBe("ready");
    click("go");
    click("go");
    await until(async () => (await backups()).length).toBeGreaterThan(before);
    await until(text).toBe("ready");
    expect(await backups()).toHaveLength(before + 1);
  });

  it("says what is wrong with an intention", async () => {
    function Enable(): ReactElement {
      const [{ sending, errors }, enable] = useIntention(EnableEkmDocument);
      const press = () => void enable({ keyArn: "alias/mine", acceptedTermsVersion: "2026-01", confirmIrreversible: true });
      const said = sending ? "sending" : `said: ${errors.map(({ code }) => code).join()}`;
      return createElement("button", { type: "button", id: "press", onClick: press }, said);
    }
    show(Enable, "activated");
    await until(text).toBe("said: ");
    click("press");
    await until(text).toBe("said: KEY_ALIAS_UNSUPPORTED");
  });

  it("is read anew after a mutation, by itself", async () => {
    function Lock(): ReactElement {
      const [{ data }] = useAccountSettingsQuery();
      const [, lock] = useIntention(LockAccountKeysDocument);
      return createElement(
        "button",
        { type: "button", id: "lock", onClick: () => void lock({ reason: "drill" }) },
        data?.account?.keyLock?.reason ?? "open",
      );
    }
    show(Lock, "enabled");
    await until(text).toBe("open");
    click("lock");
    await until(text).toBe("drill");
  });

  it("without a provider above it is told so", async () => {
    client = createMockEkmClient();
    const Lost = () => createElement("p", null, String(useEkmClient()));
    root.render(createElement(Lost));
    await until(() => String(uncaught[0])).toContain("EkmProvider");
  });
});

it("there is a hook for every operation", () => {
  for (const { name, kind } of operations) {
    expect(hooks).toHaveProperty(`use${name}${kind.charAt(0).toUpperCase()}${kind.slice(1)}`, expect.any(Function));
  }
});
