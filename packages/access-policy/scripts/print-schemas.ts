// Prints the JSON Schemas beside the configuration files:
// node --conditions=cordon-source packages/access-policy/scripts/print-schemas.ts
import { generateSchemas, writeGenerated } from './generated-files.ts';

for (const path of await writeGenerated(await generateSchemas())) process.stdout.write(`${path}\n`);
