export {
  type AccountEvent,
  type AccountEventHandlers,
  createEkmClient,
  type EkmClient,
  type EkmClientOptions,
} from "./client/create-ekm-client.js";
export type { WebSocketConstructor } from "./client/live.js";
export type { TokenRequest, TokenSource } from "./client/tokens.js";
export {
  type RequestFailure,
  type RequestFailureCode,
  requestFailureOf,
  type TopLevelCode,
  topLevelCodes,
} from "./errors/request-failure.js";
export { type Done, type Failure, type Result, settle, settleQuery, type UserFailure } from "./errors/settle.js";
export * from "./generated/documents.js";
export { type ErrorCatalogText, errorCatalog } from "./generated/error-catalog.js";
export * from "./generated/vocabulary.js";
export { createIdempotencyKey, createIntention, type Intention } from "./intentions/intention.js";
export { isKnown } from "./known.js";
