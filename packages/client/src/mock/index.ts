import { createEkmClient, type EkmClient, type EkmClientOptions } from "../client/create-ekm-client.js";
import { createMockGateway, type MockGateway, type MockGatewayOptions } from "./create-mock-gateway.js";

export { createMockGateway, type MockGateway, type MockGatewayOptions } from "./create-mock-gateway.js";
export { mockKeyArn } from "./preflight.js";
export { type MockArea, type MockState, type MockStateName, mockStates } from "./states.js";

export interface MockEkmClient extends EkmClient {
  readonly mock: MockGateway;
}

/** The real client on a mock gateway of its own. */
export function createMockEkmClient(
  options: MockGatewayOptions & Pick<EkmClientOptions, "timeoutMs" | "reconnectDelayMs"> = {},
): MockEkmClient {
  const mock = createMockGateway(options);
  const { timeoutMs, reconnectDelayMs } = options;
  let tokens = 1;
  const client = createEkmClient({
    url: mock.url,
    token({ refused }) {
      if (refused === `mock-${tokens}`) tokens += 1;
      return `mock-${tokens}`;
    },
    fetch: mock.fetch,
    WebSocket: mock.WebSocket,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(reconnectDelayMs === undefined ? {} : { reconnectDelayMs }),
  });
  return {
    ...client,
    mock,
    dispose() {
      client.dispose();
      mock.dispose();
    },
  };
}
