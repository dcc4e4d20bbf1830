import { EncryptCommand, KMSClient } from "@aws-sdk/client-kms";

/** Stands for the code under test in the examples of the README: it seals something with a key, by AWS's own client. */
export async function seal(endpoint: string, credentials: { accessKeyId: string; secretAccessKey: string }, KeyId: string) {
  const kms = new KMSClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
  try {
    await kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("secret") }));
    return "sealed";
  } catch (error) {
    return (error as Error).name;
  } finally {
    kms.destroy();
  }
}
