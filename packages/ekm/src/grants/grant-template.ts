import { awsCli } from "./aws-cli.js";
import { cloudFormation } from "./cloud-formation.js";
import type { GrantRequest } from "./grant-request.js";
import { keyPolicy } from "./key-policy.js";
import { terraform } from "./terraform.js";
import { vendorStatements } from "./vendor-statements.js";

/** What the customer adds in AWS, in the forms that people use. All are texts to paste. */
export interface GrantTemplate {
  /** JSON array of statements to merge into an existing key policy. */
  readonly statements: string;
  /** JSON: a whole policy that keeps the owner's administration. */
  readonly keyPolicy: string;
  readonly cloudFormation: string;
  readonly terraform: string;
  readonly awsCli: string;
}

export function grantTemplate(request: GrantRequest): GrantTemplate {
  return {
    statements: JSON.stringify(vendorStatements(request), null, 2),
    keyPolicy: JSON.stringify(keyPolicy(request), null, 2),
    cloudFormation: cloudFormation(request),
    terraform: terraform(request),
    awsCli: awsCli(request),
  };
}
