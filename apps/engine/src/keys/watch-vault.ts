import { EngineError } from '../error.ts';
import type { KeyWork } from './key-work.ts';
import { checkVault } from './replay-tombstones.ts';

const checkEveryMs = 60_000;

/**
 * Checks the vault against the audit log now, and each minute: one that is restored while this process runs shuts the keys,
 * and opens them again once the tombstones are replayed.
 * @throws EngineError `vault-older`, where it is so from the start.
 */
export async function watchVault(work: KeyWork): Promise<{ check(): Promise<void>; close(): Promise<void> }> {
  await checkVault(work);
  let running: Promise<void> | undefined;

  async function look(): Promise<void> {
    try {
      await checkVault(work);
      work.patientKeys.shut(undefined);
    } catch (error) {
      // A store that is away refuses by itself; it says nothing of the vault's age.
      if (!(error instanceof EngineError && error.code === 'vault-older'))
        work.logger.warn('vault not checked', { component: 'keys', err: error });
      else {
        work.patientKeys.shut(error);
        work.logger.error('vault is older than the audit log', {
          securityEvent: 'VAULT_OLDER',
          component: 'keys',
          err: error,
        });
      }
    }
  }
  const check = (): Promise<void> => {
    running ??= look().finally(() => {
      running = undefined;
    });
    return running;
  };
  const timer = setInterval(() => void check(), checkEveryMs).unref();
  return {
    check,
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
