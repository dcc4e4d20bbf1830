import type { JobProgress } from "@ekm/ekm";
import type { JobProgressView } from "./job-progress.js";

export const presentProgress = (progress: JobProgress): JobProgressView => ({
  bytesDone: progress.bytesDone,
  bytesTotal: progress.bytesTotal ?? null,
  itemsDone: progress.itemsDone,
  itemsTotal: progress.itemsTotal ?? null,
});
