import type { Logger } from '@shop/platform/logger';
import type { Excess, LimitMode, LimitName, Limits } from './limits.js';

/** Counts what the limits met. */
export interface LimitWatch {
  /** True when this must be refused. Counts it, and logs it where the limit only measures. */
  refuses(excess: Excess): boolean;
  counts(): readonly LimitCount[];
}

export interface LimitCount {
  limit: LimitName;
  mode: LimitMode;
  count: number;
}

export function limitWatch(limits: Limits, logger: Logger): LimitWatch {
  const counted = new Map<LimitName, number>();
  return {
    refuses: ({ limit, measured, max }) => {
      const { mode } = limits[limit];
      if (mode === 'off') return false;
      counted.set(limit, (counted.get(limit) ?? 0) + 1);
      if (mode === 'measure') logger.warn({ code: limit, count: measured }, `over the limit of ${max}, and let through`);
      return mode === 'enforce';
    },
    counts: () => [...counted].map(([limit, count]) => ({ limit, mode: limits[limit].mode, count })),
  };
}
