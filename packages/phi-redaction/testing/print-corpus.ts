import { parseArgs } from 'node:util';
import { makeCorpus } from './corpus.ts';
import { PUBLISHED_COUNT, PUBLISHED_SEED } from './search-corpus.ts';
import { CORPUS_PARTS } from './words.ts';

// node --conditions=cordon-source packages/phi-redaction/testing/print-corpus.ts --seed 7 --count 100 --part held-out
const { values } = parseArgs({
  options: { seed: { type: 'string' }, count: { type: 'string' }, part: { type: 'string' } },
});
const part = CORPUS_PARTS.find((each) => each === values.part) ?? 'development';
const messages = makeCorpus(
  part,
  Number(values.count ?? PUBLISHED_COUNT),
  Number(values.seed ?? PUBLISHED_SEED),
);
for (const message of messages) process.stdout.write(`${JSON.stringify(message)}\n`);
