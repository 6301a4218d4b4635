import { afterAll, beforeAll, expect, it } from 'vitest';
import { nameClinician } from '../../apps/engine/src/features/clinicians/index.ts';
import { giveConsent } from '../engine/ai-routes.ts';
import { queryStore } from './query-store.ts';
import { completion, runGateway, type TestGateway } from './run-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await runGateway();
});
afterAll(() => gateway.close());

const messages = [{ role: 'user', content: 'is abernathe there on monday, or DR OLUWASEUN ABERNATHY?' }];
const lastSent = (): string => gateway.provider.received.at(-1)?.body ?? '';

async function name(fullName: string): Promise<void> {
  const { tenantId, accountId, clinicIds } = gateway.engine.account('clinician');
  const { engine } = gateway.engine.running;
  await engine.stores.withTenantJob(tenantId, (transaction) =>
    nameClinician(engine, transaction, { tenantId, accountId, clinicIds, fullName }),
  );
}

it('what the clinic’s own clinicians are called stays here, however it is written, and comes back', async () => {
  await name('Dr Oluwaseun Abernathy');
  gateway.provider.answer = completion('Well.');
  expect((await gateway.ask(gateway.patient, { messages })).status).toBe(200);
  expect(lastSent()).not.toMatch(/abernath|oluwaseun/iu);
  const [, pseudonym = ''] = /is (person-[a-z]{8}) there/u.exec(lastSent()) ?? [];
  expect(pseudonym).not.toBe('');
});

it('a name that does not open is one that cannot be searched for: nothing is sent', async () => {
  const { accountId } = gateway.engine.account('clinician of york');
  await queryStore(
    gateway.engine,
    'clinical',
    `UPDATE clinical.clinicians SET full_name = set_byte(full_name, length(full_name) - 1, 255 - get_byte(full_name, length(full_name) - 1))
     WHERE account_id = $1`,
    [accountId],
  );
  const before = gateway.provider.received.length;
  const york = gateway.engine.account('Yusuf Yorkson');
  await giveConsent(gateway.engine, york);
  const refused = await gateway.ask(york, { messages });
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
    503,
    'keys-unavailable',
  ]);
  expect(gateway.provider.received).toHaveLength(before);
});
