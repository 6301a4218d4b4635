import { measure } from 'mitata';

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

/**
 * How often a second `run` happens, as mitata measures it: warmed up, median of many samples.
 * @param times how many of what is counted one `run` does
 */
export async function medianRate(run: () => unknown, times = 1): Promise<number> {
  const { p50 } = await measure(run);
  return (times * 1e9) / p50;
}

/** The same for work that cannot be repeated, by the wall clock of one `run` that does `count` of it. */
export function ratePerSecond(count: number, run: () => void): number {
  const start = process.hrtime.bigint();
  run();
  return count / (Number(process.hrtime.bigint() - start) / 1e9);
}
