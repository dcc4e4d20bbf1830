import type { JobStatus, KnownJobStatus } from "@ekm/client";
import type { Tone } from "../ui/notice.js";
import { titled } from "./titled.js";

const TONES: Readonly<Record<KnownJobStatus, Tone>> = {
  QUEUED: "idle",
  RUNNING: "info",
  SUCCEEDED: "good",
  FAILED: "bad",
  CANCELLED: "idle",
};

export const jobWords = (status: JobStatus): readonly [Tone, string] => [
  (TONES as Readonly<Record<string, Tone>>)[status] ?? "idle",
  titled(status),
];

export const isUnderWay = (status: JobStatus): boolean => status === "QUEUED" || status === "RUNNING";
