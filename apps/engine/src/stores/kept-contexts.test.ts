import { randomUUID } from 'node:crypto';
import type { SealedContext } from '@cordon/row-security';
import { expect, it } from 'vitest';
import { keepContexts, numberObjects } from './kept-contexts.ts';

const start = Date.parse('2026-03-01T09:00:00Z');
const contextUntil = (ms: number): SealedContext => ({
  tenantId: randomUUID(),
  role: 'role.clinician',
  clinicIds: [],
  readable: [],
  writable: [],
  expiresAt: new Date(ms),
});

it('answers the same context for half a minute, and then one that lives longer', () => {
  let now = start;
  const keep = keepContexts(() => now);
  const ask = () => keep('ada', () => contextUntil(now + 60_000));
  const first = ask();
  now += 30_000;
  expect(ask()).toBe(first);
  now += 1;
  const second = ask();
  expect(second).not.toBe(first);
  expect(second.expiresAt.getTime()).toBe(now + 60_000);
});

it('never mistakes one caller for another', () => {
  const keep = keepContexts(() => start);
  const ada = keep('ada', () => contextUntil(start + 60_000));
  const ben = keep('ben', () => contextUntil(start + 60_000));
  expect(ben.tenantId).not.toBe(ada.tenantId);
  expect(keep('ada', () => contextUntil(start + 60_000))).toBe(ada);
});

it('keeps to the end of a token that ends soon, and hands out nothing that is over', () => {
  let now = start;
  const keep = keepContexts(() => now);
  const untilTokenEnds = () => keep('ada', () => contextUntil(start + 5_000));
  const first = untilTokenEnds();
  now += 4_000;
  expect(untilTokenEnds()).toBe(first);
  const renewed = keep('ada', () => contextUntil(start + 60_000));
  expect(renewed).not.toBe(first);
});

it('stays bounded', () => {
  let made = 0;
  const keep = keepContexts(() => start);
  const ask = (name: string) =>
    keep(name, () => {
      made += 1;
      return contextUntil(start + 60_000);
    });
  for (let caller = 0; caller <= 5_000; caller += 1) ask(`caller ${caller}`);
  ask('caller 0');
  expect(made).toBe(5_002);
});

it('gives each object a number of its own, and the same one each time', () => {
  const numberOf = numberObjects();
  const [one, other] = [{ readable: ['a'] }, { readable: ['a'] }];
  expect(numberOf(one)).toBe(numberOf(one));
  expect(numberOf(other)).not.toBe(numberOf(one));
});
