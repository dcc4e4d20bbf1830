/**
 * What an exception of the SDK says, taken apart once. Only data is read: never `instanceof`, for many AWS answers arrive as a
 * plain service exception, and never `$retryable`, which is undefined for most.
 */
export interface AwsAnswer {
  readonly name: string;
  /** AWS's own text: matched against, never shown. */
  readonly text: string;
  /** The operating system's or the runtime's code, for example ECONNRESET. */
  readonly code?: string;
  readonly status?: number;
  readonly requestId?: string;
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** The first 1,024 characters are enough for every known text. */
const MAX_TEXT = 1024;

export function awsAnswerOf(error: unknown): AwsAnswer {
  const fields = recordOf(error);
  const metadata = recordOf(fields["$metadata"]);
  const code = textOf(fields["code"]) ?? textOf(recordOf(fields["cause"])["code"]);
  const requestId = textOf(metadata["requestId"]);
  return {
    name: textOf(fields["name"]) ?? "Error",
    text: (textOf(fields["message"]) ?? "").slice(0, MAX_TEXT),
    ...(code === undefined ? {} : { code }),
    ...(typeof metadata["httpStatusCode"] === "number" ? { status: metadata["httpStatusCode"] } : {}),
    ...(requestId === undefined ? {} : { requestId }),
  };
}
