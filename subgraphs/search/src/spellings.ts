/** Counts the ways in which one thing is written, and knows the commonest: the answer must not depend on who came first. */
export class Spellings {
  readonly #counts = new Map<string, number>();
  #uses = 0;

  get uses(): number {
    return this.#uses;
  }

  add(spelling: string): void {
    this.#uses += 1;
    this.#counts.set(spelling, (this.#counts.get(spelling) ?? 0) + 1);
  }

  /** Takes back one `add` of the same spelling. */
  release(spelling: string): void {
    const count = this.#counts.get(spelling);
    if (count === undefined) return;
    this.#uses -= 1;
    if (count === 1) this.#counts.delete(spelling);
    else this.#counts.set(spelling, count - 1);
  }

  /** The commonest spelling, of equals the first in code unit order; empty when there is none. */
  preferred(): string {
    let best = '';
    let bestCount = 0;
    for (const [spelling, count] of this.#counts) {
      if (count > bestCount || (count === bestCount && spelling < best)) [best, bestCount] = [spelling, count];
    }
    return best;
  }
}
