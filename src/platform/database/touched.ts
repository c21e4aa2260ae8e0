const ANY = 'any'

/**
 * The operators whose contracts' risk the facts of a transaction may have changed, and on which of
 * their contracts something else may be owed now: on any, unless contracts were named.
 */
export class Touched {
  #contractsOf = new Map<string, ReadonlySet<string> | typeof ANY>()

  get operatorIds(): string[] {
    return [...this.#contractsOf.keys()]
  }

  add(operatorId: string): void {
    this.#contractsOf.set(operatorId, ANY)
  }

  /** Only on this contract of theirs something else may be owed, like after a payment. */
  addContract(operatorId: string, contractId: string): void {
    const before = this.#contractsOf.get(operatorId) ?? new Set()
    if (before !== ANY) this.#contractsOf.set(operatorId, new Set([...before, contractId]))
  }

  mayOweOtherwise(operatorId: string, contractId: string): boolean {
    const contracts = this.#contractsOf.get(operatorId)
    return contracts === ANY || contracts?.has(contractId) === true
  }

  clear(): void {
    this.#contractsOf.clear()
  }

  /** What is added from now on can be taken back. */
  mark(): () => void {
    const before = new Map(this.#contractsOf)
    return () => {
      this.#contractsOf = before
    }
  }
}
