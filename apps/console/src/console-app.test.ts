import { expect, it } from 'vitest';
import { consoleApp } from './console-app.ts';

const admits = (role: string) => consoleApp.admits({ role, tenantId: 't' });

it('the console is for staff of every role, and for no patient', () => {
  expect(['role.clinician', 'role.receptionist', 'role.admin', 'role.auditor'].every(admits)).toBe(true);
  expect(admits('role.patient')).toBe(false);
});

it('staff are signed out after 15 minutes without activity, and after 12 hours', () => {
  expect(consoleApp.limits).toEqual({ idleSeconds: 900, absoluteSeconds: 43_200 });
});
