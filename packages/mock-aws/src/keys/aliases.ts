export interface Alias {
  /** `alias/NAME` */
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly targetKeyId: string;
  /** Simulated time. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Names that accounts gave to keys, per Region. Whether the key still exists is for the caller to ask. */
export class Aliases {
  readonly #byName = new Map<string, Alias>();

  find(accountId: string, region: string, name: string): Alias | undefined {
    return this.#byName.get(`${accountId}/${region}/${name}`);
  }

  put(alias: Alias): void {
    this.#byName.set(`${alias.accountId}/${alias.region}/${alias.name}`, alias);
  }

  remove({ accountId, region, name }: Alias): void {
    this.#byName.delete(`${accountId}/${region}/${name}`);
  }

  list(): Alias[] {
    return [...this.#byName.values()];
  }

  /** Names of a key's aliases. */
  namesOf(key: { readonly accountId: string; readonly region: string; readonly id: string }): string[] {
    if (this.#byName.size === 0) return [];
    return this.list()
      .filter(({ accountId, region, targetKeyId }) => accountId === key.accountId && region === key.region && targetKeyId === key.id)
      .map(({ name }) => name);
  }

  clear(): void {
    this.#byName.clear();
  }
}

export const aliasArn = ({ region, accountId, name }: Pick<Alias, "region" | "accountId" | "name">): string =>
  `arn:aws:kms:${region}:${accountId}:${name}`;
