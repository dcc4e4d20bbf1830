const FORM = /^arn:(aws[a-z-]*):kms:([a-z0-9-]+):(\d{12}):key\/([A-Za-z0-9-]+)$/;

export const isKeyArn = (text: string): boolean => FORM.test(text.trim());

/** What is off about an ARN, before anybody is asked; null when nothing is. The API decides. */
export function arnHint(typed: string): string | null {
  const text = typed.trim();
  if (text === "" || isKeyArn(text)) return null;
  if (text.includes("alias/"))
    return "This names an alias, which can be pointed at another key. Take the ARN of the key itself: it ends in key/ and an id.";
  if (/^[0-9a-f-]{36}$|^mrk-/.test(text)) return "This is the key's id. Take its whole ARN: arn:aws:kms:REGION:ACCOUNT:key/ID.";
  if (/^(https:|projects\/)/.test(text)) return "This is a key of another cloud. It must be a key in AWS KMS.";
  if (!text.startsWith("arn:")) return "An ARN begins with arn:aws:kms:";
  if (!/^arn:aws[a-z-]*:kms:/.test(text)) return "This ARN is not one of AWS KMS: the third part must be kms.";
  if (!/^arn:aws[a-z-]*:kms:[^:]*:\d{12}:/.test(text)) return "The part before key/ must be the 12 digits of your AWS account.";
  return "It must end in key/ and the key's id.";
}
