export interface CustomKeyStore {
  /** `cks-` and 17 hexadecimal digits. */
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  readonly type: "AWS_CLOUDHSM" | "EXTERNAL_KEY_STORE";
  /** Simulated time. */
  readonly createdAt: number;
  name: string;
  connected: boolean;
  /** What the request that made it said, without secrets. */
  details: Readonly<Record<string, unknown>>;
}

/** Custom key stores of all accounts and Regions. Connecting takes no time here. */
export class CustomKeyStores {
  readonly #byId = new Map<string, CustomKeyStore>();

  put(store: CustomKeyStore): void {
    this.#byId.set(store.id, store);
  }

  find(accountId: string, region: string, id: string): CustomKeyStore | undefined {
    const store = this.#byId.get(id);
    return store?.accountId === accountId && store.region === region ? store : undefined;
  }

  isConnected(id: string): boolean {
    return this.#byId.get(id)?.connected ?? false;
  }

  list(): CustomKeyStore[] {
    return [...this.#byId.values()];
  }

  remove(id: string): void {
    this.#byId.delete(id);
  }

  clear(): void {
    this.#byId.clear();
  }
}
