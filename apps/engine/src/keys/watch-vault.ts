import { EngineError } from '../error.ts';
import type { KeyWork } from './key-work.ts';
import { listTenants } from '../outbox/list-tenants.ts';
import { checkVault } from './replay-tombstones.ts';
import { sweepKeys } from './sweep-keys.ts';

const checkEveryMs = 60_000;

/**
 * Checks the vault against the audit log now, and each minute: one that is restored while this process runs shuts the keys,
 * and opens them again once the tombstones are replayed. Each minute keys go that nothing needs.
 * @throws EngineError `vault-older`, where it is so from the start.
 */
export async function watchVault(work: KeyWork): Promise<{ check(): Promise<void>; close(): Promise<void> }> {
  await checkVault(work);
  let running: Promise<void> | undefined;

  async function look(): Promise<void> {
    try {
      await checkVault(work);
      work.patientKeys.shut(undefined);
      await sweep();
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
  async function sweep(): Promise<void> {
    let swept = 0;
    for (const tenantId of await listTenants(work.stores)) swept += (await sweepKeys(work, tenantId)).swept;
    if (swept > 0) work.logger.info('unused keys destroyed', { component: 'keys', count: swept });
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
