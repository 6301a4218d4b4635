/** One line of the benchmark's table. Absolute values are shown, ratios are what counts. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the figure is held against, measured in the same run, with its own value. */
  readonly baseline: string;
  /** value / baseline. */
  readonly ratio: number;
}

export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}

/** How often a second `run` happens when it does `count` of something, by wall clock. */
export function ratePerSecond(count: number, run: () => void): number {
  const start = process.hrtime.bigint();
  run();
  return count / (Number(process.hrtime.bigint() - start) / 1e9);
}
