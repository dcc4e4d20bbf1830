import { createHash, createPrivateKey, type KeyObject } from "node:crypto";
import { AwsFault } from "../../front/aws-fault.js";
import type { NewUpstreamKey, SavedMaterial, UpstreamKey } from "../upstream.js";

/** What one KMS key has for material. Related multi-Region keys have one such each, with equal content. */
export interface KeyMaterial {
  /** Symmetric material by its id. */
  readonly symmetric: Map<string, Buffer>;
  current: string | null;
  /** Imported, waiting for a rotation. */
  pending: string | null;
  /** Ids of all material that was ever imported: no other can take its place. */
  readonly known: Set<string>;
  privateKey: KeyObject | null;
  macKey: Buffer | null;
}

const nameOf = (key: UpstreamKey): string => `${key.region}/${key.id}`;

/** 64 hexadecimal digits, the same for the same bytes under the same key id. */
export const materialIdFor = (keyId: string, material: Buffer): string =>
  createHash("sha256").update(keyId).update(material).digest("hex");

/** Key material in memory, by Region and key id. */
export class MaterialStore {
  readonly #materials = new Map<string, KeyMaterial>();

  of(key: UpstreamKey): KeyMaterial | undefined {
    return this.#materials.get(nameOf(key));
  }

  create(key: UpstreamKey): KeyMaterial {
    const material: KeyMaterial = {
      symmetric: new Map(),
      current: null,
      pending: null,
      known: new Set(),
      privateKey: null,
      macKey: null,
    };
    this.#materials.set(nameOf(key), material);
    return material;
  }

  /** A new symmetric material becomes the current one. */
  add(key: UpstreamKey, bytes: Buffer): string {
    const material = this.of(key) ?? this.create(key);
    const id = materialIdFor(key.id, bytes);
    material.symmetric.set(id, bytes);
    material.current = id;
    return id;
  }

  copy(from: UpstreamKey, to: UpstreamKey): void {
    const source = this.of(from);
    if (source)
      this.#materials.set(nameOf(to), { ...source, symmetric: new Map(source.symmetric), known: new Set(source.known) });
  }

  import(key: NewUpstreamKey, bytes: Buffer, asNew: boolean): { materialId: string; complete: boolean } | AwsFault {
    const material = this.of(key) ?? this.create(key);
    const id = materialIdFor(key.id, bytes);
    const wrong = importFault(key, material, id, bytes, asNew);
    if (wrong) return wrong;
    if (key.keySpec === "SYMMETRIC_DEFAULT") material.symmetric.set(id, bytes);
    else if (key.keySpec.startsWith("HMAC_")) material.macKey = bytes;
    else {
      const privateKey = readPrivateKey(bytes);
      if (privateKey === null) return new AwsFault("IncorrectKeyMaterialException");
      material.privateKey = privateKey;
    }
    material.known.add(id);
    if (asNew && material.current !== null) material.pending = id;
    else if (material.current === null) material.current = id;
    const needed = [...material.known].filter((known) => known !== material.pending);
    const complete = key.keySpec !== "SYMMETRIC_DEFAULT" || needed.every((known) => material.symmetric.has(known));
    return { materialId: id, complete };
  }

  remove(key: UpstreamKey): void {
    const material = this.of(key);
    if (!material) return;
    material.symmetric.clear();
    material.privateKey = null;
    material.macKey = null;
  }

  promote(key: UpstreamKey): string | null {
    const material = this.of(key);
    if (!material?.pending) return null;
    material.current = material.pending;
    material.pending = null;
    return material.current;
  }

  save(): Record<string, SavedMaterial> {
    return Object.fromEntries([...this.#materials].map(([name, material]) => [name, saved(material)]));
  }

  load(all: Readonly<Record<string, SavedMaterial>>): void {
    for (const [name, material] of Object.entries(all)) this.#materials.set(name, loaded(material));
  }

  clear(): void {
    this.#materials.clear();
  }
}

function importFault(key: NewUpstreamKey, material: KeyMaterial, id: string, bytes: Buffer, asNew: boolean): AwsFault | null {
  const length = key.keySpec === "SYMMETRIC_DEFAULT" ? 32 : null;
  if (length !== null && bytes.length !== length) return new AwsFault("IncorrectKeyMaterialException");
  if (asNew && material.pending !== null && material.pending !== id) {
    return new AwsFault(
      "KMSInvalidStateException",
      `New key material (id: ${id}) cannot be imported into KMS key ${key.arn}, because another key material ` +
        `(id: ${material.pending}) is pending rotation.`,
    );
  }
  const replaces = !asNew && material.known.size > 0 && !material.known.has(id);
  return replaces ? new AwsFault("IncorrectKeyMaterialException") : null;
}

function readPrivateKey(pkcs8: Buffer): KeyObject | null {
  try {
    return createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  } catch {
    return null;
  }
}

function saved(material: KeyMaterial): SavedMaterial {
  return {
    symmetric: Object.fromEntries([...material.symmetric].map(([id, bytes]) => [id, bytes.toString("hex")])),
    current: material.current,
    pending: material.pending,
    known: [...material.known],
    privateKey: material.privateKey?.export({ format: "der", type: "pkcs8" }).toString("hex") ?? null,
    macKey: material.macKey?.toString("hex") ?? null,
  };
}

function loaded(text: SavedMaterial): KeyMaterial {
  return {
    symmetric: new Map(Object.entries(text.symmetric).map(([id, hex]) => [id, Buffer.from(hex, "hex")])),
    current: text.current,
    pending: text.pending,
    known: new Set(text.known),
    privateKey: text.privateKey === null ? null : readPrivateKey(Buffer.from(text.privateKey, "hex")),
    macKey: text.macKey === null ? null : Buffer.from(text.macKey, "hex"),
  };
}
