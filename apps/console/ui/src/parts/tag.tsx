import type { ReactNode } from 'react';

export type Tone = 'neutral' | 'good' | 'warning' | 'danger';

/** A short state in words; the colour only repeats them. */
export function Tag({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`tag tag-${tone}`}>{children}</span>;
}
