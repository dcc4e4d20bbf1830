import type { ErrorCode } from "../errors/codes.js";
import type { Backup, Restore } from "../jobs/job.js";
import { type CaseFile, isNews } from "./case-file.js";
import type { FailedJobs } from "./diagnosis.js";

/** Failures of the last 30 days by reason, the most frequent first. */
export function failedJobs(file: CaseFile): readonly FailedJobs[] {
  const byCode = new Map<ErrorCode, FailedJobs>();
  const add = (kind: "backups" | "restores", job: Backup | Restore) => {
    const at = job.finishedAt ?? job.createdAt;
    if (!isNews(file, at)) return;
    const code = job.problem?.code ?? "INTERNAL";
    const known = byCode.get(code) ?? { code, backups: 0, restores: 0, lastFailedAt: at };
    const lastFailedAt = at > known.lastFailedAt ? at : known.lastFailedAt;
    byCode.set(code, { ...known, [kind]: known[kind] + 1, lastFailedAt });
  };
  for (const backup of file.failedBackups) add("backups", backup);
  for (const restore of file.failedRestores) add("restores", restore);
  return [...byCode.values()].sort((a, b) => b.backups + b.restores - (a.backups + a.restores));
}
