import type { Stand } from '../field.ts';
import { probeActivity } from './activity.ts';
import { probeErrorText } from './error-text.ts';
import { probeLargeObjects } from './large-objects.ts';
import { probeNotifications } from './notifications.ts';
import { probeObjects } from './objects.ts';
import { probeConstraints } from './oracles.ts';
import { probeResidue } from './residue.ts';
import { probeRevocation } from './revocation.ts';
import { probeRowLocks } from './row-locks.ts';
import { probeSequences } from './sequences.ts';
import { probeServerLog } from './server-log.ts';
import { probeStatistics } from './statistics.ts';

/** What tells of rows without showing one, and what outlives a request. */
const probes: readonly ((stand: Stand) => Promise<void>)[] = [
  probeConstraints,
  probeSequences,
  probeStatistics,
  probeErrorText,
  probeServerLog,
  probeActivity,
  probeNotifications,
  probeLargeObjects,
  probeObjects,
  probeResidue,
  probeRevocation,
  probeRowLocks,
];

export async function runChannels(stand: Stand): Promise<void> {
  for (const probe of probes) await probe(stand);
}
