import type { UrgencyAlert } from '../api/types.ts';

const ORDER: readonly string[] = ['emergency', 'urgent', 'routine'];

/** What waits, the most pressing first and among equals the one that waits longest. */
export function sortOpen(alerts: Iterable<UrgencyAlert>): readonly UrgencyAlert[] {
  const rank = ({ urgency }: UrgencyAlert): number => {
    const at = ORDER.indexOf(urgency);
    return at < 0 ? ORDER.length : at;
  };
  return [...alerts].sort((a, b) => rank(a) - rank(b) || a.createdAt.localeCompare(b.createdAt));
}

/** The open alerts after an event of the live stream: "open" tells all, "alert" one that has changed. */
export function applyEvent(
  before: ReadonlyMap<string, UrgencyAlert>,
  event: string | undefined,
  data: string,
): ReadonlyMap<string, UrgencyAlert> {
  // The server is ours and of the same build.
  if (event === 'open') {
    const { items } = JSON.parse(data) as { items: readonly UrgencyAlert[] };
    return new Map(items.map((alert) => [alert.id, alert]));
  }
  if (event !== 'alert') return before;
  const alert = JSON.parse(data) as UrgencyAlert;
  const after = new Map(before);
  if (alert.state === 'ACKNOWLEDGED') after.delete(alert.id);
  else after.set(alert.id, alert);
  return after;
}
