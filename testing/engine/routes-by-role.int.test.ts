import { ROLE_IDS } from '@cordon/access-policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEngine, type SeedAccount, type TestEngine } from './run-engine.ts';
import { accountOf, patientOf, relations, type Relation, type RouteCase } from './route-case.ts';
import { routeTable } from './route-table.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await runEngine();
});
afterAll(() => engine.close());

const routes = Object.entries(routeTable);

/** Whether the relation's record is the caller's to see at all, by clinic or as its own. */
function isVisible(account: SeedAccount, relation: Relation): boolean {
  const patient = engine.account(patientOf[relation]);
  if (patient.tenantId !== account.tenantId) return false;
  if (account.role === 'role.patient') return account.patientRecordId === patient.patientRecordId;
  if (account.role === 'role.corporateAdmin') return true;
  return account.clinicIds.includes(patient.clinicIds[0] ?? '');
}

function decisionFor(route: RouteCase, account: SeedAccount, relation: Relation): 'permit' | 'deny' {
  if (route.decides === null) return 'permit';
  const patient = engine.account(patientOf[relation]);
  return engine.running.engine.policy().decide(
    {
      tenantId: account.tenantId,
      clinicIds: account.clinicIds,
      role: account.role,
      subject: account.accountId,
      patientRecordId: account.patientRecordId ?? undefined,
      factorAgeSeconds: 0,
      purpose: route.decides.purpose,
    },
    route.decides.action,
    route.decides.dataClass,
    {
      tenantId: patient.tenantId,
      clinicId: patient.clinicIds[0],
      patientRecordId: patient.patientRecordId ?? undefined,
    },
  ).decision;
}

it('is about every route that the engine publishes, and about no other', async () => {
  const answer = await fetch(`${engine.running.url}/openapi.json`);
  const { paths, openapi } = (await answer.json()) as {
    openapi: string;
    paths: Record<string, Record<string, unknown>>;
  };
  expect(openapi).toMatch(/^3\.1/);
  const published = Object.entries(paths)
    .filter(([path]) => path.startsWith('/v1/'))
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
  expect(Object.keys(routeTable).sort(), 'add the route to testing/engine/route-table.ts').toEqual(
    published.sort(),
  );
});

describe.each(routes)('%s', (_name, route) => {
  it('answers 401 without a token', async () => {
    const patient = engine.account(patientOf['own clinic']);
    expect((await route.send(engine, null, patient)).status).toBe(401);
  });

  describe.each(ROLE_IDS)('as %s', (role) => {
    it.each(route.kind === 'self' ? (['own clinic'] as const) : relations)('of %s', async (relation) => {
      const account = engine.account(accountOf[role]);
      const patient = engine.account(patientOf[relation]);
      const answer = await route.send(engine, account, patient);
      const text = await answer.text();
      const ownAtAll = decisionFor(route, account, 'own clinic') === 'permit';
      const visible = isVisible(account, relation);
      if (route.kind === 'self') {
        const hasRecord = account.patientRecordId !== null;
        const needsRecord = _name === 'GET /v1/me/record';
        expect(answer.status).toBe(!ownAtAll ? 403 : needsRecord && !hasRecord ? 404 : route.permitted);
      } else if (!ownAtAll) {
        expect(answer.status).toBe(403);
      } else if (route.kind === 'record' && visible) {
        expect(answer.status).toBe(
          decisionFor(route, account, relation) === 'permit' ? route.permitted : 403,
        );
      } else if (route.kind === 'record') {
        expect([403, 404]).toContain(answer.status);
      } else {
        expect(answer.status).toBe(200);
      }
      // Whatever the status: nothing of a record that is not the caller's.
      if (!visible) {
        expect(text).not.toContain(patient.displayName);
        if (route.kind === 'list') expect(text).not.toContain(patient.patientRecordId);
      }
    });
  });
});
