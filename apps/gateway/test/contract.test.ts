// Invariant: the API keeps the published contract. What both define has the same type; what only the one defines is listed here by
// name.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import {
  type BreakingChange,
  BreakingChangeType,
  findBreakingChanges,
  type GraphQLSchema,
  buildSchema as parseSchema,
} from "graphql";
import { describe, expect, it } from "vitest";
import { printApi } from "../src/graphql/print-schema.js";

const fileOf = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), "utf8");
const contract = parseSchema(fileOf("contract/schema.graphql"));
const api = parseSchema(printApi());

const REMOVALS: ReadonlySet<string> = new Set([
  BreakingChangeType.TYPE_REMOVED,
  BreakingChangeType.FIELD_REMOVED,
  BreakingChangeType.ARG_REMOVED,
  BreakingChangeType.VALUE_REMOVED_FROM_ENUM,
]);
const describeAll = (changes: readonly BreakingChange[]) => changes.map(({ type, description }) => `${type}: ${description}`);

/** Sorted, without the sentence around them. */
const removed = (changes: readonly BreakingChange[]) =>
  changes
    .filter(({ type }) => REMOVALS.has(type))
    .map(({ description }) =>
      description.replace(/ was removed(\.| from enum type (\w+)\.)$/, (_all, _end, type) => (type ? ` of ${type}` : "")),
    )
    .sort();

/** What the API has beyond the contract: additions are free, and are made on purpose. */
const ADDED = [
  "Account.diagnosis",
  "Account.webhooks",
  "CreateWebhookInput",
  "CustomerStep",
  "DeleteWebhookPayload",
  "Diagnosis",
  "DiagnosisCause",
  "DiagnosisState",
  "EkmConfiguration.activationTicket",
  "EkmConfiguration.grantTemplate arg requireSessionTag",
  "EkmConfiguration.leftBehind",
  "EnableEkmInput.acceptLossOfUnreadable",
  "FailedJobs",
  "GENERATION_REWRAPPED of AuditAction",
  "Mutation.createWebhook",
  "Mutation.deleteWebhook",
  "Mutation.redeliverWebhook",
  "Mutation.rotateWebhookSecret",
  "Mutation.sendTestWebhook",
  "Mutation.updateWebhook",
  "ROTATION_SWITCHED of AuditAction",
  "RedeliverWebhookInput",
  "RotateWebhookSecretInput",
  "UpdateWebhookInput",
  "UpdateWebhookPayload",
  "WEBHOOKS_UNAVAILABLE of ErrorCode",
  "WEBHOOK_DELIVERY_NOT_FOUND of ErrorCode",
  "WEBHOOK_LIMIT_REACHED of ErrorCode",
  "WEBHOOK_NOT_FOUND of ErrorCode",
  "WEBHOOK_URL_REFUSED of ErrorCode",
  "Webhook",
  "WebhookAttempt",
  "WebhookConnection",
  "WebhookDelivery",
  "WebhookDeliveryConnection",
  "WebhookDeliveryEdge",
  "WebhookDeliveryPayload",
  "WebhookDeliveryState",
  "WebhookDisabledReason",
  "WebhookEdge",
  "WebhookEventKind",
  "WebhookInput",
  "WebhookSecretPayload",
  "WebhookState",
];

/** Names that clients hold on to: the copy changes with the contract that was agreed on, and with this digest. */
const CONTRACT_SHA256 = "f5940ac621f1c1c821fa1f350e4dfabeb9d6a9b0eaf4b6dcdbe632c738e7e8c2";

describe("the API and its contract", () => {
  it("is held against the contract as it was agreed on", () => {
    expect(createHash("sha256").update(fileOf("contract/schema.graphql")).digest("hex")).toBe(CONTRACT_SHA256);
  });

  it("adds what is listed, and nothing else", () => {
    expect(removed(findBreakingChanges(api, contract))).toEqual(ADDED);
  });

  it("loosens nothing", () => {
    const changes = findBreakingChanges(api, contract).filter(({ type }) => !REMOVALS.has(type));
    expect(describeAll(changes)).toEqual([]);
  });

  it("changes no type, argument, default or enum value of what it implements", () => {
    const changes = findBreakingChanges(contract, api).filter(({ type }) => !REMOVALS.has(type));
    expect(describeAll(changes)).toEqual([]);
  });

  it("leaves out nothing", () => {
    expect(removed(findBreakingChanges(contract, api))).toEqual([]);
  });

  it("keeps the contract's default values", () => {
    const expected = defaultsOf(contract);
    for (const [name, value] of Object.entries(defaultsOf(api))) {
      if (name in expected) expect([name, value]).toEqual([name, expected[name]]);
    }
  });

  it("is committed as generated: run `npm run schema`", () => {
    expect(fileOf("schema.graphql")).toBe(printApi());
  });
});

function defaultsOf(schema: GraphQLSchema): Record<string, unknown> {
  const defaults: Record<string, unknown> = {};
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith("__") || !("getFields" in type)) continue;
    for (const field of Object.values(type.getFields())) {
      if ("defaultValue" in field) defaults[`${type.name}.${field.name}`] = field.defaultValue;
      if (!("args" in field)) continue;
      for (const argument of field.args) defaults[`${type.name}.${field.name}.${argument.name}`] = argument.defaultValue;
    }
  }
  return defaults;
}
