import { describe, expect, it } from 'vitest';
import { EndedByPerson, rejectWhenAborted, Shutdown } from './shutdown.ts';

describe('Shutdown', () => {
  it('ends what was started last first, once', async () => {
    const shutdown = new Shutdown();
    const ended: string[] = [];
    for (const name of ['lock', 'stores', 'apps'])
      shutdown.add(() => {
        ended.push(name);
        return Promise.resolve();
      });
    await Promise.all([shutdown.run(), shutdown.run()]);
    expect(ended).toEqual(['apps', 'stores', 'lock']);
  });

  it('goes on after a step that fails, and tells of it at the end', async () => {
    const shutdown = new Shutdown();
    let ended = false;
    shutdown.add(() => {
      ended = true;
      return Promise.resolve();
    });
    shutdown.add(() => Promise.reject(new Error('stuck')));
    await expect(shutdown.run()).rejects.toThrow('stuck');
    expect(ended).toBe(true);
  });

  it('keeps the first reason', async () => {
    const shutdown = new Shutdown();
    const waiting = rejectWhenAborted(shutdown.signal);
    shutdown.request(new EndedByPerson('Ctrl-C'));
    shutdown.request(new Error('an app ended'));
    await expect(waiting).rejects.toBeInstanceOf(EndedByPerson);
    await expect(rejectWhenAborted(shutdown.signal)).rejects.toBeInstanceOf(EndedByPerson);
  });
});
