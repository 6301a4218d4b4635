import type { AiProvider } from '@cordon/access-policy';
import { AiGatewayError } from '@cordon/ai-gateway';
import { openProviders, type FindProvider, type ModelEvent, type ProviderSettings } from '../index.ts';
import type { ModelRequest } from '../provider.ts';

export interface Asking {
  readonly provider: Partial<AiProvider> & Pick<AiProvider, 'baseUrl'>;
  readonly stream?: boolean;
  readonly settings?: Partial<ProviderSettings>;
  /** Of an earlier call, with its pool of connections; of its own where absent. */
  readonly find?: FindProvider;
  readonly signal?: AbortSignal;
  readonly beforeAgain?: ModelRequest['beforeAgain'];
}

export const openFind = (settings: Partial<ProviderSettings> = {}): FindProvider =>
  openProviders({
    production: false,
    keysFolder: undefined,
    agreements: '/nowhere',
    authority: undefined,
    ...settings,
  });

/** A local provider without a key, where nothing else is said, asked one short thing. */
export async function askProvider({ provider: change, stream = true, settings, signal, find = openFind(settings), beforeAgain = () => Promise.resolve() }: Asking): Promise<ModelEvent[]> {
  const provider: AiProvider = {
    id: 'provider.test',
    description: 'A test.',
    kind: 'local',
    region: 'region.uk',
    model: 'model-1',
    allowedPurposes: [],
    ...change,
  };
  const request: ModelRequest = {
    provider,
    purposeId: 'p',
    prepared: {
      systemText: 'Be brief.',
      messages: [{ role: 'user', content: 'hello' }],
      tools: [],
      options: { stream, temperature: undefined, top_p: undefined, max_tokens: undefined, tool_choice: undefined },
    },
    beforeAgain,
  };
  const events: ModelEvent[] = [];
  for await (const event of find(provider).ask(request, signal ?? new AbortController().signal)) events.push(event);
  return events;
} // prettier-ignore

/** The code of the refusal, or what was answered. */
export async function tellOutcome(asking: Asking): Promise<string> {
  try {
    return textOf(await askProvider(asking));
  } catch (error) {
    return error instanceof AiGatewayError ? error.code : String(error);
  }
}

export const textOf = (events: readonly ModelEvent[]): string =>
  events.map((event) => (event.type === 'text' ? event.text : '')).join('');
