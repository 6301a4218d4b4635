import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { TestEngine } from './run-engine.ts';

const jsonBody = { 'content-type': 'application/json' };

/** Adds a patient of the receptionist's clinic; answers their id. The same idempotency key adds nobody twice. */
export async function addPatient(
  engine: TestEngine,
  profile: { readonly fullName: string } & Readonly<Record<string, unknown>>,
  idempotencyKey: string = randomUUID(),
): Promise<string> {
  const receptionist = engine.account('receptionist');
  const answer = await engine.send(receptionist, '/v1/patients', {
    method: 'POST',
    headers: { ...jsonBody, 'idempotency-key': idempotencyKey },
    body: JSON.stringify({ clinicId: receptionist.clinicIds[0], dateOfBirth: '1971-11-23', ...profile }),
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

/** The names that a receptionist finds by a name. */
export async function findNames(engine: TestEngine, name: string): Promise<string[]> {
  const answer = await engine.send(engine.account('receptionist'), '/v1/patients/search', {
    method: 'POST',
    headers: jsonBody,
    body: JSON.stringify({ name }),
  });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { items: { fullName: string }[] }).items.map(({ fullName }) => fullName);
}

export async function renamePatient(engine: TestEngine, id: string, fullName: string): Promise<void> {
  const receptionist = engine.account('receptionist');
  const before = await engine.send(receptionist, `/v1/patients/${id}`);
  const answer = await engine.send(receptionist, `/v1/patients/${id}`, {
    method: 'PATCH',
    headers: { ...jsonBody, 'if-match': before.headers.get('etag') ?? '' },
    body: JSON.stringify({ fullName }),
  });
  expect(answer.status).toBeLessThan(300);
}
