import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSecret } from '@cordon/stores';
import { describeApp, type AppContext } from './apps.ts';
import type { Layout } from './layout.ts';

const fileOf = (layout: Layout): string => join(layout.secrets, 'engine-environment.json');

/** Leaves what `cordon keys` needs to run work about keys as the engine: its settings, which name its secrets' files. */
export async function writeEngineFile(context: AppContext): Promise<void> {
  const { environment } = describeApp('engine', context);
  await writeSecret(fileOf(context.layout), JSON.stringify(environment, undefined, 2));
}

/** Undefined where Cordon was never started. */
export async function readEngineFile(layout: Layout): Promise<Record<string, string> | undefined> {
  const text = await readFile(fileOf(layout), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Record<string, string>);
}
