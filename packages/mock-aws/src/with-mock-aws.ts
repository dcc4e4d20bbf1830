import { type MockAws, type MockAwsOptions, startMockAws } from "./start.js";

/** Starts a simulated AWS for as long as `use` takes, and closes it whatever comes of that. */
export async function withMockAws<T>(use: (aws: MockAws) => Promise<T>, options: MockAwsOptions = {}): Promise<T> {
  const aws = await startMockAws(options);
  try {
    return await use(aws);
  } finally {
    await aws.close();
  }
}
