import { createHash } from "node:crypto";

export interface LegalTerms {
  readonly version: string;
  readonly title: string;
  /** Plain text; paragraphs are separated by an empty line. */
  readonly body: string;
  /** SHA-256 of the body's UTF-8 bytes, hex. What an acceptance records. */
  readonly sha256: string;
  readonly publishedAt: Date;
}

const BODY = `These terms add to your agreement with us. They govern Enterprise Key Management ("EKM"), under which a key in your own AWS account, and not ours, protects your backups.

1. What EKM does. Your backups are always encrypted. Once EKM is enabled, the account keys that protect them, those of earlier backups included, can be opened only with the AWS KMS key that you name ("your key"). We use your key to back up, to restore, to verify backups, to move from one of your keys to another and to test that your key can be used; for nothing else.

2. Enabling cannot be undone. There is no way back to Cloud Key Management, for you or for us. When EKM is enabled we delete every copy of your account keys that our own key protects, and we schedule the deletion of that key in AWS, which takes seven days. Copies of the database that are older than that cannot be opened from then on.

3. You control your key, and you answer for it. You may disable it, change its policy, rotate it or delete it whenever you wish. You keep your AWS account open and in good standing, and you keep the access that we need as described in the product. Use of your key by us may appear in your AWS logs.

4. While your key cannot be used, nothing works. If your key is disabled, if its policy no longer admits us, if the key store behind it does not answer, or if your AWS account is suspended, then backups fail and restores fail. Backups that were due in that time are not made up for. Nothing is lost by this: once your key can be used again, backups and restores work again.

5. If your key is destroyed, your backups are lost. No copy of your key exists anywhere that we can reach. Once AWS has deleted your key, or the material of an imported or external key is gone for good, nobody can read the backups that it protects: not you, not we, not AWS. Neither support nor a court order changes that. We recommend the longest waiting period when you schedule a key for deletion, and an alarm on attempts to use it meanwhile.

6. Revocation takes effect within a stated time. After a change to your key is effective in AWS we stop to use what your key protects within the period that the product shows as the revocation window. A restore that had finished before is outside our reach: its files are yours, in the clear, where you had them put.

7. Changing your key. Before a change of key is complete, the old key and the new key must both be usable. Do not disable or delete the old key before the product says that it may be retired.

8. Cost. AWS may charge you for your key. Requests that we send to your key are charged to us.

9. Service levels. Time during which your key cannot be used does not count as unavailability of our service, and backups missed in that time do not count as failures of ours.

By accepting, you confirm that you may bind the holder of this account, that you have read these terms, and that you have understood sections 2, 4 and 5 above all.
`;

const sha256 = (body: string) => createHash("sha256").update(body, "utf8").digest("hex");

export const CURRENT_TERMS: LegalTerms = {
  version: "2026-01",
  title: "Terms of Enterprise Key Management",
  body: BODY,
  sha256: sha256(BODY),
  publishedAt: new Date("2026-01-01T00:00:00.000Z"),
};
