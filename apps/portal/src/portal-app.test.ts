import { expect, it } from 'vitest';
import { portalApp } from './portal-app.ts';

const admits = (role: string) => portalApp.admits({ role, tenantId: 't' });

it('the portal is for patients alone', () => {
  expect(admits('role.patient')).toBe(true);
  expect(['role.clinician', 'role.admin', ''].some(admits)).toBe(false);
});

it('patients are signed out after 20 minutes without activity, and after 24 hours', () => {
  expect(portalApp.limits).toEqual({ idleSeconds: 1_200, absoluteSeconds: 86_400 });
});
