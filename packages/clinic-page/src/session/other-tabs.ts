/** Tabs of one origin tell each other that the session has changed, and nothing else. */
const CHANNEL = 'cordon:session';

/** Calls `listener` whenever another tab says so; returns what stops it. */
export function listenToTabs(listener: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = listener;
  return () => {
    channel.close();
  };
}

export function tellOtherTabs(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage('changed');
  channel.close();
}
