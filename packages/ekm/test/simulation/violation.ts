/** What must never be the case was. Found by the simulation, never thrown into the product. */
export class Violation extends Error {
  override readonly name = "Violation";
}

export class Findings {
  readonly all: Violation[] = [];

  require(holds: boolean, what: () => string): void {
    if (!holds) this.all.push(new Violation(what()));
  }
}
