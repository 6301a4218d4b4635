import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestBrowser } from '../browser/launch-browser.ts';
import { providerKeyCanary, type Installation } from './installation.ts';
import { findProcesses } from './processes.ts';
import { allWays, openRecordingProvider, tryProvider, type RecordingProvider } from './try-providers.ts';

export interface ProviderTestParts {
  readonly installation: () => Installation;
  readonly browser: () => TestBrowser;
  readonly checkout: () => string;
}

/** Tries, in an installation that runs already, to reach a model past the gateway. */
export function describeOneWay({ installation, browser, checkout }: ProviderTestParts): void {
  describe('nobody but the engine', () => {
    let provider: RecordingProvider;
    beforeAll(async () => {
      provider = await openRecordingProvider();
    });
    afterAll(() => provider.close());

    it('reaches a provider from a page, by any way that a script has', async () => {
      const context = await browser().browser.newContext();
      try {
        const page = await context.newPage();
        const { web, portal, console: desk, identity } = installation().origins;
        for (const address of [`${web}/`, `${web}/chat/`, `${portal}/`, `${desk}/`, `${identity}/`]) {
          await page.goto(address);
          const blocked = await tryProvider(page, provider.origin);
          expect([address, provider.reached()]).toEqual([address, []]);
          for (const way of ['fetch', 'beacon', 'websocket', 'image', 'frame-src'])
            expect([address, blocked]).toEqual([address, expect.arrayContaining([way]) as string[]]);
        }
        // The same script, in a page without a policy, comes through by every way: it would be seen.
        await page.goto(`${provider.origin}/open`);
        await tryProvider(page, provider.origin);
        expect(provider.reached()).toEqual(allWays);
      } finally {
        await context.close();
      }
    });

    it('is told where providers’ keys are, and nobody at all of a key in the launcher’s own environment', async () => {
      const told = new Map<string, string>();
      for (const { pid } of await findProcesses(checkout())) {
        const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
        const app = /(?:^|\0)CORDON_APP=([a-z]+)/.exec(environment)?.[1];
        if (app !== undefined) told.set(app, environment);
      }
      expect([...told.keys()].sort()).toEqual([
        'console',
        'engine',
        'identity',
        'portal',
        'sequencer',
        'web',
      ]);
      for (const [app, environment] of told) {
        expect([app, environment.includes(providerKeyCanary)]).toEqual([app, false]);
        expect([app, environment.includes('CORDON_AI_')]).toEqual([app, app === 'engine']);
      }
    });
  });
}
