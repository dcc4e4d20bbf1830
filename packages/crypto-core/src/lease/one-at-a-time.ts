/** Runs the calls of each id one after the other, in the order in which they came. */
export class OneAtATime {
  readonly #last = new Map<string, Promise<void>>();

  run<T>(id: string, call: () => Promise<T>): Promise<T> {
    const result = (this.#last.get(id) ?? Promise.resolve()).then(call);
    const settled = result.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(id, settled);
    void settled.then(() => {
      if (this.#last.get(id) === settled) this.#last.delete(id);
    });
    return result;
  }
}
