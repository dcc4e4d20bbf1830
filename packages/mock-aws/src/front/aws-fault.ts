/**
 * An error that AWS answers: a value, never thrown. AWS answers 400 to nearly every client fault of KMS, whatever the service
 * model says. `message` null: AWS sends none (InvalidCiphertextException).
 */
export class AwsFault {
  constructor(
    readonly code: string,
    readonly message: string | null = null,
    readonly status: number = 400,
  ) {}
}
