import type { SeedAccount, TestEngine } from './run-engine.ts';

/** Sends a form as the console does: the clinic first, then the file. */
export async function uploadForm(
  engine: TestEngine,
  account: SeedAccount,
  bytes: Uint8Array,
  more: { clinicId?: string; filename?: string } = {},
): Promise<Response> {
  const body = new FormData();
  body.set('clinicId', more.clinicId ?? account.clinicIds[0] ?? '');
  body.set('form', new Blob([new Uint8Array(bytes)]), more.filename ?? 'form.png');
  return engine.send(account, '/v1/intake-forms', { method: 'POST', body });
}
