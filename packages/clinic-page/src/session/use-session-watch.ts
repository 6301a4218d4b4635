import { useEffect } from 'react';
import { listenToTabs } from './other-tabs.ts';
import { useSessionStore } from './session-context.ts';

/**
 * Asks for the session now, when another tab has changed it, and whenever the page is looked at again: a laptop slept, a page came
 * from the browser's cache.
 */
export function useSessionWatch(): void {
  const store = useSessionStore();
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === 'visible') void store.check();
    };
    look();
    document.addEventListener('visibilitychange', look);
    window.addEventListener('pageshow', look);
    const stopListening = listenToTabs(() => void store.check());
    return () => {
      stopListening();
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener('pageshow', look);
    };
  }, [store]);
}
