/**
 * Written before KMS is called for an effect (a wrap, a vendor key), completed after: a crash between leaves a trace of what may
 * have happened in AWS. Never read by the product's own logic.
 */
export interface KmsIntent {
  readonly id: string;
  readonly accountId: string;
  readonly purpose: "VENDOR_KEY" | "FIRST_WRAP" | "ENABLE" | "ROTATE" | "SUPERSEDE";
  readonly keyArn?: string;
  readonly at: Date;
  readonly finishedAt?: Date;
  /** Absent while unfinished. */
  readonly outcome?: "DONE" | "FAILED";
  readonly awsRequestIds: readonly string[];
}
