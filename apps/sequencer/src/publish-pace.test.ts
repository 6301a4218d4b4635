import { expect, it } from 'vitest';
import { createPublishPace } from './publish-pace.ts';

it('publishes one at a time beside the work, and the rest once it is asked to settle', async () => {
  const running: (() => void)[] = [];
  let started = 0;
  const pace = createPublishPace(() => {
    started += 1;
    return started === 1 ? new Promise((resolve) => running.push(resolve)) : Promise.resolve();
  });
  pace.offer();
  pace.offer();
  expect(started).toBe(1);
  const settled = pace.settle();
  await Promise.resolve();
  expect(started).toBe(1);
  running[0]?.();
  await settled;
  expect(started).toBe(2);
});

it('tells a failure when it settles, and publishes nothing behind it', async () => {
  let started = 0;
  const pace = createPublishPace(() => {
    started += 1;
    return Promise.reject(new Error('the disk is full'));
  });
  pace.offer();
  await new Promise((resolve) => setImmediate(resolve));
  pace.offer();
  await expect(pace.settle()).rejects.toThrow('the disk is full');
  expect(started).toBe(1);
});
