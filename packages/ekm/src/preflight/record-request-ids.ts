import type { KeyService, KmsOutcome } from "../ports/key-service.js";

/** The same key service, noting the AWS request id of every answer: for the audit log. */
export function recordRequestIds(keyService: KeyService): { keyService: KeyService; awsRequestIds: string[] } {
  const awsRequestIds: string[] = [];
  const noted = async <T>(answer: Promise<KmsOutcome<T>>): Promise<KmsOutcome<T>> => {
    const outcome = await answer;
    const id = outcome.ok ? outcome.awsRequestId : outcome.error.awsRequestId;
    if (id !== undefined) awsRequestIds.push(id);
    return outcome;
  };
  return {
    awsRequestIds,
    keyService: {
      generateDataKey: (...request) => noted(keyService.generateDataKey(...request)),
      encrypt: (...request) => noted(keyService.encrypt(...request)),
      decrypt: (...request) => noted(keyService.decrypt(...request)),
      reEncrypt: (request) => noted(keyService.reEncrypt(request)),
      describeKey: (...request) => noted(keyService.describeKey(...request)),
    },
  };
}
