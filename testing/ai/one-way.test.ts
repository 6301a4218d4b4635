import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const gateway = 'apps/engine/src/features/ai-gateway/';

/** Where models are served: the hosts of their vendors' interfaces, and the usual port of one's own. */
const address =
  /\b(?:api\.(?:openai|anthropic|cohere|groq|deepseek|replicate|together|fireworks)\.(?:com|ai|xyz)|[\w-]+\.openai\.azure\.com|(?:generativelanguage|aiplatform)\.googleapis\.com|api\.(?:mistral|x|perplexity|cohere)\.ai|openrouter\.ai\/api|[\w-]+\.huggingface\.(?:co|cloud)|bedrock-runtime\.|localhost:11434|127\.0\.0\.1:11434)/iu;

/** What runs, and what tells it where to go; the gateway's own configuration is where an address belongs. */
const sources = ['apps', 'packages', 'launch', 'deploy', 'database'].flatMap((folder) =>
  readdirSync(`${root}/${folder}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length).replace(/^\//, ''))
    .filter((path) => !/(?:^|\/)(?:node_modules|dist)\//.test(path) && !/\.(?:png|jpg|wasm)$/.test(path)),
);

const findAddresses = (text: string): string | undefined => address.exec(text)?.[0];

it('no source but the gateway’s names the address of a provider', () => {
  expect(sources.length).toBeGreaterThan(1_000);
  const named = sources
    .filter((path) => !path.startsWith(gateway))
    .flatMap((path) => findAddresses(readFileSync(`${root}/${path}`, 'utf8')) ?? []);
  expect(named).toEqual([]);
});

it.each([
  'https://api.openai.com/v1',
  'https://api.anthropic.com/v1/messages',
  'https://our-group.openai.azure.com/openai',
  'https://generativelanguage.googleapis.com/v1beta',
  'https://bedrock-runtime.eu-west-2.amazonaws.com',
  'http://localhost:11434/v1',
])('%s would be found', (text) => {
  expect(findAddresses(`fetch('${text}')`)).toBeDefined();
});
