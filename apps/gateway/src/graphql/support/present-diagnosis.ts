import type { Diagnosis, DiagnosisCause } from "@ekm/ekm";
import type { DiagnosisCauseView, DiagnosisView } from "./diagnosis.js";

export const presentDiagnosis = (diagnosis: Diagnosis): DiagnosisView => ({
  state: diagnosis.state,
  summary: diagnosis.summary,
  since: diagnosis.since ?? null,
  causes: diagnosis.causes.map(presentCause),
  failedJobs: diagnosis.failedJobs,
  backupsAtRisk: diagnosis.backupsAtRisk,
  deletionDate: diagnosis.deletionDate ?? null,
  whatTheCustomerMustDo: diagnosis.customerSteps.map(({ text, awsCli }) => ({ text, awsCli: awsCli ?? null })),
  whatSupportCanDo: diagnosis.supportSteps,
  promise: diagnosis.promise,
  ticketText: diagnosis.ticketText,
});

const presentCause = (cause: DiagnosisCause): DiagnosisCauseView => ({
  code: cause.code,
  meaning: cause.meaning,
  possibleCauses: cause.possibleCauses,
  keyArn: cause.keyArn ?? null,
  generation: cause.generation ?? null,
  awsErrorName: cause.awsErrorName ?? null,
  awsRequestId: cause.awsRequestId ?? null,
  seenAt: cause.seenAt,
});
