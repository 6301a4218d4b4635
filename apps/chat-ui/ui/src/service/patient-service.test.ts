import { afterEach, expect, it, vi } from 'vitest';
import { askForPerson } from './patient-service.ts';

afterEach(() => vi.unstubAllGlobals());

/** The server of a conversation that is no longer open, and is in this state. */
function serve(state: string): void {
  vi.stubGlobal('fetch', (_path: string, { method }: { method?: string }) =>
    Promise.resolve(
      method === 'POST'
        ? Response.json({ code: 'record-changed', title: 'Somebody changed this record.' }, { status: 412 })
        : Response.json({ id: 'c', state, turns: [] }),
    ),
  );
}

it('who asked for a person and did not hear the answer is told that the clinic knows, when they ask again', async () => {
  serve('handed-over');
  await expect(askForPerson('c')).resolves.toBeUndefined();
});

it('a person is not said to be on the way where the conversation was erased meanwhile', async () => {
  serve('closed');
  await expect(askForPerson('c')).rejects.toMatchObject({ problem: 'record-changed' });
});
