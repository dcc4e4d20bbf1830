export * from "../generated/hooks.js";
export { EkmProvider, useEkmClient } from "./provider.js";
export { type AccountEventsState, type UseAccountEventsOptions, useAccountEvents } from "./use-account-events.js";
export { type IntentionState, useIntention } from "./use-intention.js";
