import type { Job } from "@ekm/ekm";

/** True while the job is held under this fence: part of the statement that writes, so that nothing comes between. */
export const FENCE_HELD = "EXISTS (SELECT 1 FROM job WHERE job.id = :jobId AND job.fence = :fence AND job.owner IS NOT NULL)";
export const fenceOf = (job: Job) => ({ jobId: job.id, fence: job.fence });
