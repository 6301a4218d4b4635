import { replaceLocalKey } from '@cordon/field-encryption';
import { z } from 'zod';
import { forgetEarlierTokens, reindexPatients } from './features/patients/index.ts';
import { runOnce } from './run-once.ts';
import { destroyPatientKey } from './keys/destroy-patient-key.ts';
import type { KeyWork } from './keys/key-work.ts';
import { proveDestruction } from './keys/prove-destruction.ts';
import { recordSealKey, sealKeyRequest } from './keys/record-seal-key.ts';
import { checkVault, replayTombstones } from './keys/replay-tombstones.ts';
import { rotatePatientKey } from './keys/rotate-patient-key.ts';
import { countUnderOtherRoot, rotateRootKey } from './keys/rotate-root-key.ts';
import { rotateSearchKey } from './keys/rotate-search-key.ts';
import { rotateTenantKey } from './keys/rotate-tenant-key.ts';

const id = z.uuid();
const request = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('rotate-root') }),
  z.object({ verb: z.literal('rotate-tenant'), tenantId: id }),
  z.object({ verb: z.literal('rotate-search'), tenantId: id }),
  z.object({ verb: z.literal('rotate-patient'), tenantId: id, patientId: id }),
  z.object({ verb: z.literal('destroy'), tenantId: id, patientId: id }),
  z.object({ verb: z.literal('proof'), tenantId: id, patientId: id }),
  z.object({ verb: z.literal('replay') }),
  sealKeyRequest,
]);

async function run(work: KeyWork, asked: z.output<typeof request>): Promise<unknown> {
  if (asked.verb === 'record-seal-key') return recordSealKey(work, asked);
  if (asked.verb === 'replay') return { replayed: await replayTombstones(work) };
  await checkVault(work);
  switch (asked.verb) {
    case 'rotate-root': {
      // A run that was killed is finished first; only then is another key worth making.
      const resumed = (await countUnderOtherRoot(work)) > 0;
      const file = process.env['CORDON_ROOT_KEY_FILE'];
      const local = (process.env['CORDON_KEY_MANAGEMENT'] ?? 'local') === 'local';
      if (!resumed && local && file !== undefined) await replaceLocalKey(file);
      return { resumed, ...(await rotateRootKey(work)) };
    }
    case 'rotate-tenant':
      return rotateTenantKey(work, asked.tenantId);
    case 'rotate-search': {
      const { complete, ...done } = await rotateSearchKey(work, asked.tenantId, {
        reindexPatients,
        forgetEarlierTokens,
      });
      return { ...done, waiting: complete ? 0 : 1 };
    }
    case 'rotate-patient':
      return rotatePatientKey(work, asked.tenantId, asked.patientId);
    case 'destroy':
      await destroyPatientKey(work, asked);
      return proveDestruction(work, asked.tenantId, asked.patientId);
    case 'proof':
      return proveDestruction(work, asked.tenantId, asked.patientId);
  }
}

await runOnce({ app: 'engine-keys', request, failed: 'keys-unavailable' }, run);
