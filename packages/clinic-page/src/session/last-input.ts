import { useEffect } from 'react';

let at = Number.NEGATIVE_INFINITY;

function note(): void {
  at = Date.now();
}

/** When the person last pressed a key or touched the page, in epoch milliseconds. */
export function lastInputAt(): number {
  return at;
}

const INPUTS = ['keydown', 'pointerdown', 'wheel'] as const;

export function useInputWatch(): void {
  useEffect(() => {
    for (const kind of INPUTS) window.addEventListener(kind, note, { passive: true });
    return () => {
      for (const kind of INPUTS) window.removeEventListener(kind, note);
    };
  }, []);
}
