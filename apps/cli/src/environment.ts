/** What the commands read from the process's environment; AWS credentials are found by the AWS SDK itself. */
export interface Environment {
  /** Where KMS answers, instead of AWS's own endpoints. */
  readonly kmsEndpoint?: string;
}

export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const kmsEndpoint = env["EKM_KMS_ENDPOINT"];
  return kmsEndpoint === undefined || kmsEndpoint === "" ? {} : { kmsEndpoint };
}
