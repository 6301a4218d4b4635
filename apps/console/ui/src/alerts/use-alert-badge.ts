import { useEffect, useSyncExternalStore } from 'react';
import { type AlertBadge, createBadgeStore } from './badge-store.ts';
import { playAlertSound } from './sound.ts';

const store = createBadgeStore(playAlertSound);

/** Listens while mounted and `wanted`: an open or a locked console of somebody whom alerts concern. */
export function useBadgeListener(wanted: boolean): void {
  useEffect(() => (wanted ? store.start() : undefined), [wanted]);
}

export function useAlertBadge(): AlertBadge {
  return useSyncExternalStore(store.subscribe, store.current);
}

/** "2 alerts wait, 1 of them urgent"; empty where none waits. */
export function sayBadge({ open, urgent }: AlertBadge): string {
  if (open === 0) return '';
  const count = open === 1 ? '1 alert waits' : `${open} alerts wait`;
  if (urgent === 0) return count;
  return urgent === open
    ? `${count}, ${open === 1 ? 'urgent' : 'all urgent'}`
    : `${count}, ${urgent} of them urgent`;
}
