const BYTES = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;
export const SIZE = /^(\d+(?:\.\d+)?)(B|KB|MB|GB|KiB|MiB|GiB)$/;
export const PERCENT = /^(\d{1,2}(?:\.\d+)?|100)%$/;

/** `500KB`, `20MB`, `1.5GiB` in bytes (whole); undefined where the text is none of these. KB, MB, GB are powers of 1000. */
export function parseSize(text: string): number | undefined {
  const match = SIZE.exec(text);
  if (!match) return undefined;
  return Math.round(Number(match[1]) * BYTES[match[2] as keyof typeof BYTES]);
}

/** `25%` as 0.25; undefined where the text is no percentage from 0 to 100. */
export function parsePercent(text: string): number | undefined {
  const match = PERCENT.exec(text);
  return match ? Number(match[1]) / 100 : undefined;
}

export function formatSize(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} KB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
