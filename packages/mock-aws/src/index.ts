export type { FaultRule } from "@ekm/faults";
export { type AwsAnswer, type AwsClient, type AwsClientOptions, createAwsClient } from "./client/aws-client.js";
export { createSimulatorClient } from "./client/simulator-client.js";
export * from "./control/interface.js";
export { type MockAws, type MockAwsOptions, startMockAws } from "./start.js";
