/** The middle value; the mean of the two middle ones when their number is even. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? NaN;
  return (lower + upper) / 2;
}

/** A ratio of two peers over all rounds. */
export interface Ratio {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * `reference[i] / own[i]`, round by round: both sides of a pair ran seconds apart, so what slowed the machine for a
 * while cancels out. Above 1: `own` costs less than the reference.
 */
export function pairedRatio(reference: readonly number[], own: readonly number[]): Ratio {
  const ratios = own.map((cost, round) => (reference[round] ?? NaN) / cost);
  return { median: median(ratios), lowest: Math.min(...ratios), highest: Math.max(...ratios) };
}
