/** Partition and Region of two AWS ARNs are the same: what ReEncrypt needs. */
export const sameRegion = (some: string, other: string): boolean => regionOf(some) === regionOf(other);

const regionOf = (arn: string): string => {
  const [, partition, , region] = arn.split(":");
  return `${partition}:${region}`;
};
