import { mergeConfig } from "vitest/config";
import shared from "../../vitest.shared.js";

// Concurrent tests start whole stacks: two at a time, as the simulate run does.
export default mergeConfig(shared, { test: { maxConcurrency: 2 } });
