import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";

const CHUNK_BYTES = 1 << 20;

/** Gathers small writes into chunks of 1 MiB. `room` must be awaited before up to `bytes` are put; `put` itself never waits. */
export class ChunkWriter {
  private readonly chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  private used = 0;
  private flushed = 0;

  private constructor(private readonly file: FileHandle) {}

  static async create(path: string): Promise<ChunkWriter> {
    return new ChunkWriter(await open(path, "wx"));
  }

  get bytes(): number {
    return this.flushed + this.used;
  }

  /** True when a row of up to `bytes` still fits without a flush. */
  fits(bytes: number): boolean {
    return this.used + bytes <= CHUNK_BYTES;
  }

  put(text: string): void {
    this.used += this.chunk.write(text, this.used, "utf8");
  }

  putBytes(bytes: Uint8Array): void {
    this.chunk.set(bytes, this.used);
    this.used += bytes.byteLength;
  }

  async flush(): Promise<void> {
    let at = 0;
    while (at < this.used) at += (await this.file.write(this.chunk, at, this.used - at)).bytesWritten;
    this.flushed += this.used;
    this.used = 0;
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.file.close();
    }
  }
}
