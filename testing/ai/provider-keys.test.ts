import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../apps', import.meta.url));
const canary = 'sk-canary-0123456789';
/** Every process there is, found by its entry: a new one is asked as well. */
const apps = readdirSync(folder).filter((name) => existsSync(`${folder}/${name}/main.ts`));

/** Starts the real process with a provider's key in its environment, and waits for what it says at its end. */
function start(app: string): Promise<{ code: unknown; said: string }> {
  const options = {
    env: { PATH: process.env['PATH'], ANTHROPIC_API_KEY: canary, CORDON_AI_KEYS_DIR: folder },
    timeout: 170_000,
  };
  return new Promise((resolve) => {
    const entry = ['--conditions=cordon-source', `${folder}/${app}/main.ts`];
    execFile(process.execPath, entry, options, (error, stdout, stderr) => {
      resolve({ code: error?.code, said: stdout + stderr });
    });
  });
}

it('no process but the engine starts with the way to a model in its environment', async () => {
  expect(apps.length).toBeGreaterThanOrEqual(7);
  const ends = await Promise.all(apps.map(start));
  for (const [index, { code, said }] of ends.entries()) {
    const refused = said.includes('Remove ANTHROPIC_API_KEY, CORDON_AI_KEYS_DIR from the environment');
    // The engine stops as well, for the settings that it lacks here.
    expect([apps[index], code, refused]).toEqual([apps[index], 1, apps[index] !== 'engine']);
    expect(said).not.toContain(canary);
  }
});
