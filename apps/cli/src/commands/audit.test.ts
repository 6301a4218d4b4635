import { expect, it } from 'vitest';
import { command } from './audit.ts';

it.each([
  [['verify', 'log.ndjson', '--log', 'folder'], 'An export has its checkpoints in it'],
  [['export', 'log.ndjson'], 'Name the tenant with --tenant ID, or say --whole-log'],
  [['export', 'log.ndjson', '--tenant', 'northgate'], 'a UUID'],
])('refuses %j before it opens anything', async (args, sentence) => {
  await expect(command.run(args)).rejects.toThrow(sentence);
});
