import { AwsFault } from "../../front/aws-fault.js";

/** What AWS answers to an alias's name that it does not take. */
export function aliasNameFault(name: string): AwsFault | null {
  if (!name.startsWith("alias/")) {
    return new AwsFault(
      "ValidationException",
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    );
  }
  return name.startsWith("alias/aws/") ? new AwsFault("NotAuthorizedException") : null;
}

export const aliasNotFound = (arn: string): AwsFault => new AwsFault("NotFoundException", `Alias ${arn} is not found.`);
