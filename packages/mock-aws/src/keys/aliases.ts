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
  readonly #namesByKey = new Map<string, Set<string>>();

  find(accountId: string, region: string, name: string): Alias | undefined {
    return this.#byName.get(`${accountId}/${region}/${name}`);
  }

  put(alias: Alias): void {
    const known = this.find(alias.accountId, alias.region, alias.name);
    if (known) this.remove(known);
    this.#byName.set(`${alias.accountId}/${alias.region}/${alias.name}`, alias);
    const key = keyOf({ ...alias, id: alias.targetKeyId });
    this.#namesByKey.set(key, (this.#namesByKey.get(key) ?? new Set()).add(alias.name));
  }

  remove({ accountId, region, name, targetKeyId }: Alias): void {
    this.#byName.delete(`${accountId}/${region}/${name}`);
    this.#namesByKey.get(keyOf({ accountId, region, id: targetKeyId }))?.delete(name);
  }

  list(): Alias[] {
    return [...this.#byName.values()];
  }

  /** Names of a key's aliases. */
  namesOf(key: NamedKey): readonly string[] {
    const names = this.#namesByKey.get(keyOf(key));
    return names ? [...names] : [];
  }

  clear(): void {
    this.#byName.clear();
    this.#namesByKey.clear();
  }
}

interface NamedKey {
  readonly accountId: string;
  readonly region: string;
  readonly id: string;
}

const keyOf = ({ accountId, region, id }: NamedKey): string => `${accountId}/${region}/${id}`;

export const aliasArn = ({ region, accountId, name }: Pick<Alias, "region" | "accountId" | "name">): string =>
  `arn:aws:kms:${region}:${accountId}:${name}`;
