// @vitest-environment happy-dom
// Invariant: whatever state the API tells of, the page says it in words, and offers only what can be done in it.
import { createMockEkmClient, type MockEkmClient, type MockStateName } from "@ekm/client/mock";
import { EkmProvider } from "@ekm/client/react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, expect, it, vi } from "vitest";
import { Live } from "../../reading/live.js";
import { SessionProvider } from "../../session/session.js";
import KeyPage from "./key-page.js";

let root: Root | undefined;
let client: MockEkmClient | undefined;

afterEach(() => {
  root?.unmount();
  client?.dispose();
  document.body.replaceChildren();
});

function show(state: MockStateName): () => string {
  const ekm = createMockEkmClient({ state, paceMs: 0 });
  client = ekm;
  const place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  root.render(
    <EkmProvider client={ekm}>
      <SessionProvider onEnd={() => {}}>
        <Live>
          <KeyPage />
        </Live>
      </SessionProvider>
    </EkmProvider>,
  );
  return () => place.textContent ?? "";
}

const shows = (text: () => string, words: string) => vi.waitFor(() => expect(text()).toContain(words), 10_000);

it.each([
  ["not-activated", "Not activated for your account"],
  ["activated", "1. Let us use your key"],
  ["enabled", "Healthy"],
  ["unusable.KEY_DISABLED", "Unusable"],
  ["degraded.KMS_THROTTLED", "Degraded"],
  ["pending-deletion", "AWS deletes this key in"],
  ["health-unknown", "Unknown"],
  ["locked", "Keys are locked on our side"],
  ["enabled.with-loss", "Left behind with your consent"],
  ["rotation.running", "2 of 5 key generations"],
  ["rotation.paused-by-key", "It goes on by itself once the key can be used again."],
  ["rotation.failed", "These could not be brought over"],
  ["rotation.completed", "The old key may be retired after"],
  ["answers.offline", "The service cannot be reached from here."],
  ["answers.INTERNAL", "This could not be read"],
] as const)("in the state %s says: %s", async (state, words) => {
  await shows(show(state), words);
});

it("offers no settings before the activation, and nothing to press to a viewer", async () => {
  const before = show("not-activated");
  await shows(before, "Not activated");
  expect(before()).not.toContain("ARN of the KMS key");
  root?.unmount();
  client?.dispose();
  const viewer = show("caller.ACCOUNT_VIEWER");
  await shows(viewer, "Healthy");
  expect(viewer()).not.toContain("Update key");
  expect(viewer()).not.toContain("Lock keys");
});

it("follows the key without being asked", async () => {
  const text = show("enabled");
  await shows(text, "Healthy");
  client?.mock.show("unusable.KEY_DISABLED");
  await shows(text, "Unusable");
  client?.mock.show("enabled");
  await shows(text, "Healthy since");
});
