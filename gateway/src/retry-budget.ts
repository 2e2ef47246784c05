/** Repetitions as a share of all calls: a subgraph that fails is not drowned in them. */
export interface RetryBudget {
  /** A call was made for the first time. */
  earn(): void;
  /** Whether one more repetition may be made; counts it. */
  spend(): boolean;
}

/** With few calls nothing would be earned; and a long quiet time must not pay for a storm. */
const [AT_FIRST, AT_MOST] = [10, 100];

export function retryBudget(share: number): RetryBudget {
  let balance = AT_FIRST;
  return {
    earn: () => {
      balance = Math.min(AT_MOST, balance + share);
    },
    spend: () => {
      if (balance < 1) return false;
      balance -= 1;
      return true;
    },
  };
}
