/** A structured log (pino's shape). Never given keys, plaintext, ciphertext or AWS's own text. */
export interface KmsLogger {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export const SILENT: KmsLogger = { warn: () => {}, error: () => {} };
