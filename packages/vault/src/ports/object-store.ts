/**
 * Where sealed objects lie. Names are `/`-separated, `[A-Za-z0-9._-]` per part, no part starts with a dot
 * (object-name.ts; a name that breaks this is a bug: RangeError). Every method throws StorageError (STORAGE_UNAVAILABLE,
 * STORAGE_FULL) when the store cannot do its work, and nothing else. Chunks, in and out, belong to whom they are given to:
 * who made one never writes on it again.
 */
export interface ObjectStore {
  /**
   * Streams `body` into a new object. It is visible only whole; a body that throws leaves nothing, and its error is rethrown as
   * it is. Throws ObjectExistsError when the name is taken: objects are never replaced. Once this resolves the object outlasts a
   * loss of power, unless `flush` is "later": then once {@link flush} has been told its name.
   */
  put(name: string, body: AsyncIterable<Uint8Array>, flush?: "now" | "later"): Promise<StoredObject>;
  /** Makes objects last that were put to be flushed later. One that is not there is a StorageError. */
  flush(names: readonly string[]): Promise<void>;
  /** Null when there is no such object. */
  get(name: string): Promise<AsyncIterable<Uint8Array> | null>;
  /** All versions of it. Deleting what is not there is a success. */
  delete(name: string): Promise<void>;
  /** Names under a prefix that ends with `/`, in byte order. */
  list(prefix: string): AsyncIterable<string>;
}

export interface StoredObject {
  readonly bytes: number;
}

export class StorageError extends Error {
  override name = "StorageError";
  constructor(
    readonly code: "STORAGE_UNAVAILABLE" | "STORAGE_FULL",
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
export class ObjectExistsError extends Error {
  override name = "ObjectExistsError";
}
