import { useSyncExternalStore } from 'react';

function everySecond(listener: () => void): () => void {
  const timer = setInterval(listener, 1000);
  return () => {
    clearInterval(timer);
  };
}

/** The time in whole seconds as epoch milliseconds, renewed once a second. */
export function useNow(): number {
  return useSyncExternalStore(everySecond, () => Math.floor(Date.now() / 1000) * 1000);
}
