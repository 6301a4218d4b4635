import { followEvents } from '@cordon/clinic-page';

/** How many alerts wait, and how many of them are more than routine. Nothing else: it is shown while the console is locked. */
export interface AlertBadge {
  readonly open: number;
  readonly urgent: number;
}

const NAME = 'cordon:alert-badge';
const NONE: AlertBadge = { open: 0, urgent: 0 };

export interface BadgeStore {
  readonly current: () => AlertBadge;
  readonly subscribe: (listener: () => void) => () => void;
  /** Begins to listen; the returned function ends it. */
  readonly start: () => () => void;
}

function readBadge(data: unknown): AlertBadge | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { open, urgent } = data as Partial<Record<keyof AlertBadge, unknown>>;
  return typeof open === 'number' && typeof urgent === 'number' ? { open, urgent } : undefined;
}

/**
 * One connection for all tabs of a browser, which has few for one host: the tab that holds the lock listens, plays the sound, and tells
 * the others. When it closes, the next one takes over.
 */
export function createBadgeStore(onMore: () => void): BadgeStore {
  let badge = NONE;
  const listeners = new Set<() => void>();
  const become = (next: AlertBadge): void => {
    badge = next;
    for (const listener of listeners) listener();
  };

  function start(): () => void {
    const leaving = new AbortController();
    const channel = new BroadcastChannel(NAME);
    let leads = false;
    let known = false;
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (leads) channel.postMessage(badge);
      else become(readBadge(data) ?? badge);
    };
    const lead = async (): Promise<void> => {
      leads = true;
      await followEvents('/api/v1/alerts/stream?view=badge', leaving.signal, {
        onEvent: ({ event, data }) => {
          const next = event === 'badge' ? readBadge(JSON.parse(data)) : undefined;
          if (next === undefined) return;
          // What was there before this tab listened is shown, not announced.
          if (known && next.open > badge.open) onMore();
          known = true;
          become(next);
          channel.postMessage(next);
        },
        onConnected: () => undefined,
        onRefused: () => {
          become(NONE);
        },
      });
    };
    navigator.locks.request(NAME, { signal: leaving.signal }, lead).catch(() => undefined);
    channel.postMessage('ask');
    return () => {
      leaving.abort();
      channel.close();
      become(NONE);
    };
  }

  return {
    current: () => badge,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start,
  };
}
