import { asOwner, type Done, keyOf, type Place, sentence } from "./place.js";

export async function disableKey(place: Place, arn: string): Promise<Done> {
  const { name } = await keyOf(place, arn);
  await asOwner(place, arn, "DisableKey");
  return { said: sentence(`${name} is disabled: every use of it is refused with DisabledException`), keys: [arn] };
}

export async function enableKey(place: Place, arn: string): Promise<Done> {
  const { name } = await keyOf(place, arn);
  await asOwner(place, arn, "EnableKey");
  return { said: sentence(`${name} is enabled`), keys: [arn] };
}

export async function scheduleDeletion(place: Place, arn: string, days: number): Promise<Done> {
  const { name } = await keyOf(place, arn);
  await asOwner(place, arn, "ScheduleKeyDeletion", { PendingWindowInDays: days });
  return { said: sentence(`${name} is to be deleted in ${days} days and cannot be used until that is cancelled`), keys: [arn] };
}

export async function cancelDeletion(place: Place, arn: string): Promise<Done> {
  const { name } = await keyOf(place, arn);
  await asOwner(place, arn, "CancelKeyDeletion");
  return {
    said: sentence(`the deletion of ${name} is cancelled; as in AWS it is disabled until somebody enables it`),
    keys: [arn],
  };
}
