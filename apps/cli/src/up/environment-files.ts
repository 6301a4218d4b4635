import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSecret } from '@cordon/stores';
import { describeApp, type AppContext } from './apps.ts';
import type { Layout } from './layout.ts';

/** Apps as which an operator's work is run beside them. */
const worked = ['engine', 'identity'] as const;
export type WorkedApp = (typeof worked)[number];

const fileOf = (layout: Layout, app: WorkedApp): string => join(layout.secrets, `${app}-environment.json`);

/** Leaves what commands need to run work as the engine or as identity: their settings, which name their secrets' files. */
export async function writeEnvironmentFiles(context: AppContext): Promise<void> {
  for (const app of worked) {
    const { environment } = describeApp(app, context);
    await writeSecret(fileOf(context.layout, app), JSON.stringify(environment, undefined, 2));
  }
}

/** Undefined where Cordon was never started. */
export async function readEnvironmentFile(
  layout: Layout,
  app: WorkedApp,
): Promise<Record<string, string> | undefined> {
  const text = await readFile(fileOf(layout, app), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Record<string, string>);
}
