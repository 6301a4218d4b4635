import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { generateMatrix, generateSchemas } from './generated-files.ts';

const HOW = 'run packages/access-policy/scripts/print-schemas.ts and print-matrix.ts';

describe('generated files', () => {
  it('the JSON Schemas beside the configuration are those of the code', async () => {
    const schemas = await generateSchemas();
    expect(schemas).toHaveLength(3);
    for (const { path, text } of schemas) {
      expect(await readFile(path, 'utf8'), HOW).toBe(text);
      expect(JSON.parse(text)).toMatchObject({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        additionalProperties: false,
      });
    }
  });

  it('the access matrix in the documentation is what the policy answers', async () => {
    const { path, text } = await generateMatrix();
    expect(await readFile(path, 'utf8'), HOW).toBe(text);
  });
});
