export type { FaultRule } from "@ekm/faults";
export { type AwsAnswer, type AwsClient, type AwsClientOptions, createAwsClient } from "./client/aws-client.js";
export type { NewKeyOptions, OpenAccount, OpenAccountOptions } from "./client/open-account.js";
export { createSimulatorClient } from "./client/simulator-client.js";
export { type CloudTrailFile, type CloudTrailRecord, cloudTrail } from "./cloudtrail/cloud-trail.js";
export * from "./control/interface.js";
export { THROTTLED } from "./front/throttled.js";
export { type MockAws, type MockAwsOptions, startMockAws } from "./start.js";
export { withMockAws } from "./with-mock-aws.js";
