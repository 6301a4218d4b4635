import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  openProtocolServer,
  openAiStream,
  type ProtocolServer,
} from '../../apps/engine/src/features/ai-gateway/providers/testing/protocol-server.ts';

export interface PlacedModel {
  readonly received: ProtocolServer['received'];
  /** From now on it says these words, and goes on for ever where it `hangs`. */
  readonly say: (text: string, hangs?: boolean) => void;
  /** The offline default answers again. */
  readonly remove: () => Promise<void>;
}

/** Puts a model of one's own in the place of an installation's offline default; the next question goes to it. */
export async function placeModel(configFolder: string): Promise<PlacedModel> {
  const file = join(configFolder, 'champagne-ai-gateway-config.json');
  const before = await readFile(file, 'utf8');
  const config = JSON.parse(before) as { purposes: { id: string }[] };
  const model = await openProtocolServer();
  const provider = {
    id: 'provider.placed',
    description: 'Stands in this very process.',
    kind: 'local',
    baseUrl: `${model.url}/v1`,
    region: 'region.uk',
    model: 'placed',
    allowedPurposes: config.purposes.map(({ id }) => id),
  };
  await writeFile(file, JSON.stringify({ ...config, providers: [provider] }));
  return {
    received: model.received,
    say: (text, hangs = false) => {
      const events = openAiStream({ content: text });
      model.answer = (body) =>
        (JSON.parse(body) as { stream?: boolean }).stream === true
          ? {
              headers: { 'content-type': 'text/event-stream' },
              pieces: hangs ? events.slice(0, 1) : events,
              hangs,
            }
          : {
              headers: { 'content-type': 'application/json' },
              pieces: [JSON.stringify({ choices: [{ message: { content: text }, finish_reason: 'stop' }] })],
            };
    },
    remove: async () => {
      await writeFile(file, before);
      await model.close();
    },
  };
}
