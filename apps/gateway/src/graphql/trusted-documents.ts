import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

/** `only`: nothing else is run. `also`: a client may send the id in place of the document. */
export type TrustMode = "only" | "also";

export interface DocumentRequest {
  readonly query?: unknown;
  /** `sha256:HEX`, as GraphQL over HTTP's appendix on persisted documents has it, or `HEX`. */
  readonly documentId?: unknown;
  /** Apollo's clients: `{ persistedQuery: { version: 1, sha256Hash: HEX } }`. */
  readonly extensions?: unknown;
}
export type FoundDocument = { readonly ok: true; readonly query: unknown } | { readonly ok: false; readonly message: string };

export interface TrustedDocuments {
  find(request: DocumentRequest): FoundDocument;
}

/** Where no documents are named, whatever is sent as `query` is looked at. */
export const ANY_DOCUMENT: TrustedDocuments = { find: ({ query }) => ({ ok: true, query }) };

const UNKNOWN = "No trusted document has this id. Publish the client's documents to the gateway before the client.";
const NOT_TRUSTED = "Only trusted documents are run here: send the id of one as `documentId`.";

/** The documents that clients were built with: JSON, `{ "<SHA-256 in hex>": "<document>" }`. Throws when a hash is not its document's. */
export async function readTrustedDocuments(file: string, mode: TrustMode): Promise<TrustedDocuments> {
  const documents = new Map<string, string>();
  for (const [id, document] of Object.entries(JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>)) {
    if (typeof document !== "string" || sha256(document) !== bareId(id))
      throw new Error(`${file}: ${id} is not the SHA-256 of its document`);
    documents.set(bareId(id), document);
  }
  return createTrustedDocuments(documents, mode);
}

export function createTrustedDocuments(documents: ReadonlyMap<string, string>, mode: TrustMode): TrustedDocuments {
  return {
    find(request) {
      const id = idOf(request);
      if (id !== undefined) {
        const query = documents.get(id);
        return query === undefined ? { ok: false, message: UNKNOWN } : { ok: true, query };
      }
      const { query } = request;
      // A document that is sent whole may be one of them: some transports carry nothing but `query`.
      if (mode === "also" || (typeof query === "string" && documents.has(sha256(query)))) return { ok: true, query };
      return { ok: false, message: NOT_TRUSTED };
    },
  };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const bareId = (id: string): string => id.replace(/^sha256:/, "");

function idOf({ documentId, extensions }: DocumentRequest): string | undefined {
  if (typeof documentId === "string" && documentId !== "") return bareId(documentId);
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } | null };
  return typeof persistedQuery?.sha256Hash === "string" ? persistedQuery.sha256Hash : undefined;
}
