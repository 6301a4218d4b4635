import { expect, test } from 'vitest';
import { AdmissionGate } from './admission-gate.ts';

test('a place that is given back goes to the one who waited longest', async () => {
  const gate = new AdmissionGate(1, 2, 5);
  const order: string[] = [];
  const leave = await gate.enter();
  const second = gate.enter().then((leaveSecond) => {
    order.push('second');
    leaveSecond();
  });
  const third = gate.enter().then((leaveThird) => {
    order.push('third');
    leaveThird();
  });
  leave();
  await Promise.all([second, third]);
  expect(order).toEqual(['second', 'third']);
});

test('whoever finds the waiting room full is told when to come back', async () => {
  const gate = new AdmissionGate(1, 1, 5);
  await gate.enter();
  void gate.enter();
  await expect(gate.enter()).rejects.toMatchObject({
    code: 'intake-busy',
    status: 503,
    retryAfterSeconds: 10,
  });
});

test('giving a place back twice makes no second place', async () => {
  const gate = new AdmissionGate(1, 0, 5);
  const leave = await gate.enter();
  leave();
  leave();
  await gate.enter();
  await expect(gate.enter()).rejects.toMatchObject({ code: 'intake-busy' });
});

test('who gives up waiting leaves the queue', async () => {
  const gate = new AdmissionGate(1, 1, 5);
  const leave = await gate.enter();
  const impatient = new AbortController();
  const waiting = gate.enter(impatient.signal);
  impatient.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'intake-cancelled' });
  const next = gate.enter();
  leave();
  await expect(next).resolves.toBeTypeOf('function');
});

test('who has already given up is not let in', async () => {
  await expect(new AdmissionGate(1, 1, 5).enter(AbortSignal.abort())).rejects.toMatchObject({
    code: 'intake-cancelled',
  });
});
