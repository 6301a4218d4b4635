import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../error.ts';
import { readDemoFile } from './demo-file.ts';
import type { Layout } from './layout.ts';

const markOf = (layout: Layout): string => join(layout.state, 'without-demo');

/** Whether this installation was begun without the demo: then it holds, or is to hold, data of real people. */
export async function isWithoutDemo(layout: Layout): Promise<boolean> {
  return (await readFile(markOf(layout)).catch(() => undefined)) !== undefined;
}

/**
 * Whether this start adds the demo. An installation stays what it was begun as, whatever the next start is told: the demo's
 * people have passwords that are shown on a screen.
 * @throws CliError `arguments-invalid` where the demo is there and was to be left out
 */
export async function choosesDemo(layout: Layout, empty: boolean): Promise<boolean> {
  if (await isWithoutDemo(layout)) return false;
  if (!empty) return true;
  if ((await readDemoFile(layout)) !== undefined)
    throw new CliError(
      'arguments-invalid',
      'This installation holds the demo. Start with --fresh --empty to remove it with all its data and begin without it.',
    );
  await writeFile(markOf(layout), '');
  return false;
}
