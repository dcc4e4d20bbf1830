type Body = Readonly<Record<string, unknown>>;

/** The same answer, with another key's id wherever it names the key that was used. */
export function nameAnotherKey(body: Body): Body {
  const changed: Record<string, unknown> = { ...body };
  if (typeof body["KeyId"] === "string") changed["KeyId"] = another(body["KeyId"]);
  const metadata = body["KeyMetadata"] as Body | undefined;
  if (metadata) {
    changed["KeyMetadata"] = { ...metadata, KeyId: another(String(metadata["KeyId"])), Arn: another(String(metadata["Arn"])) };
  }
  return changed;
}

const another = (id: string): string => `${id.slice(0, -1)}${id.endsWith("0") ? "1" : "0"}`;
