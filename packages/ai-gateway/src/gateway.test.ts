import { beforeAll, describe, expect, it } from 'vitest';
import {
  AiGatewayError,
  compileGateway,
  type AiGatewayErrorCode,
  type Gateway,
  type GatewayCall,
} from '../index.ts';
import {
  newContext,
  prepareWhole,
  openExampleGateway,
  readGatewayFile,
  summaryCall,
  triageCall,
} from '../testing/example-gateway.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openExampleGateway();
});

const chat = (...messages: unknown[]): unknown => ({ model: 'any', messages });
const user = (content: unknown): unknown => ({ role: 'user', content });

function refusalOf(call: GatewayCall): AiGatewayErrorCode | undefined {
  try {
    prepareWhole(gateway, call, newContext());
    return undefined;
  } catch (error) {
    if (!(error instanceof AiGatewayError)) throw error;
    return error.code;
  }
}

/** What must not leave, as people and programs write it. */
const CANARIES = [
  'Amira Holloway',
  'amria',
  '17 March 1984',
  'amira.holloway@example.com',
  '+44 7700 900123',
  '943 476 5919',
  '12 Orchard Lane',
  'LS6 3HN',
  '4111 1111 1111 1111',
];

describe('every position of a request', () => {
  it.each(CANARIES)('is searched: %s stays here', (canary) => {
    const words = `please note ${canary} today`;
    const prepared = prepareWhole(
      gateway,
      triageCall({
        ...(chat(
          user(words),
          { role: 'assistant', content: words },
          {
            role: 'assistant',
            content: null,
            tool_calls: [
              {
                id: 'call_1',
                type: 'function',
                function: {
                  name: 'book',
                  arguments: JSON.stringify({ note: words, deep: [{ [words]: words }] }),
                },
              },
            ],
          },
          { role: 'tool', tool_call_id: 'call_1', content: JSON.stringify({ note: words }) },
          { role: 'tool', tool_call_id: 'call_1', content: words },
          user([
            { type: 'text', text: words },
            { type: 'text', text: 'and again' },
          ]),
        ) as object),
        tools: [
          {
            type: 'function',
            function: {
              name: 'book',
              description: words,
              parameters: { type: 'object', description: words },
            },
          },
        ],
      }),
      newContext(),
    );
    const sent = JSON.stringify([prepared.messages, prepared.tools]);
    expect(sent).not.toContain(canary);
    expect(sent).not.toContain(JSON.stringify(canary).slice(1, -1));
    expect(sent.match(/please note/gu)).toHaveLength(10);
  });

  it('is searched behind the escapes of JSON', () => {
    const prepared = prepareWhole(
      gateway,
      triageCall(
        chat(user('hi'), {
          role: 'assistant',
          tool_calls: [
            {
              id: 'a',
              type: 'function',
              function: { name: 'f', arguments: '{"a":"\\u0041mira","b":7700900123}' },
            },
          ],
        }),
      ),
      newContext(),
    );
    expect(JSON.stringify(prepared.messages)).not.toMatch(/mira|0041|7700900123/u);
  });
});

describe('the schema of a tool', () => {
  it('keeps the words and the dialect of JSON Schema, and nothing else that tells of somebody', () => {
    const parameters = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { who: { type: 'string', $id: 'https://amira.example/x', 'Amira Holloway': 1 } },
      additionalProperties: false,
    };
    const tools = [{ type: 'function', function: { name: 'look', parameters } }];
    const prepared = prepareWhole(gateway, triageCall({ ...(chat(user('hi')) as object), tools }), newContext());
    const sent = prepared.tools[0]?.function.parameters;
    expect(sent).toMatchObject({ ...parameters, properties: { who: { type: 'string' } } });
    expect(JSON.stringify(sent)).not.toMatch(/amira/iu);
    const other = { ...parameters, $schema: 'https://amira.example/schema' };
    const again = prepareWhole(gateway, triageCall({ ...(chat(user('hi')) as object), tools: [{ type: 'function', function: { name: 'look', parameters: other } }] }), newContext());
    expect(JSON.stringify(again.tools)).not.toMatch(/amira/iu);
  });
}); // prettier-ignore

describe('a conversation', () => {
  it('gets its own words back, and no other conversation knows them', () => {
    const context = newContext();
    const first = prepareWhole(gateway, triageCall(chat(user('I am Amira Holloway'))), context);
    const [message] = first.messages;
    const sent = message?.content as string;
    expect(first.pseudonyms.restore(sent)).toBe('I am Amira Holloway');
    expect(
      prepareWhole(gateway, triageCall(chat(user('hello'))), newContext()).pseudonyms.restore(sent),
    ).toBe(sent);
    expect(prepareWhole(gateway, triageCall(chat(user('I am Amira Holloway'))), context).messages).toEqual(
      first.messages,
    );
  });

  it('knows a stranger who was introduced in one of its texts in all of them', () => {
    const prepared = prepareWhole(
      gateway,
      triageCall(chat(user('Is ZELDA QUIMBY coming?'), user('my friend Zelda Quimby'), user('zelda rang'))),
      newContext(),
    );
    expect(JSON.stringify(prepared.messages)).not.toMatch(/zelda|quimby/iu);
    expect(prepared.replaced).toEqual({ person: 5 });
  });

  it('tells what its user wrote of people apart from what the model said of them', () => {
    const { replaced, replacedOfUser } = prepareWhole(
      gateway,
      triageCall(
        chat(user('It is me, Amira'), { role: 'assistant', content: 'Hello Amira Holloway' }, user('Yes')),
      ),
      newContext(),
    );
    expect([replaced, replacedOfUser]).toEqual([{ person: 3 }, 1]);
  });

  it('drops its oldest turns whole when it grows too long', () => {
    const long = 'word '.repeat(300);
    const turns = Array.from({ length: 6 }, () => [user(long), { role: 'assistant', content: 'ok' }]).flat();
    const prepared = prepareWhole(gateway, triageCall(chat(...turns, user('last'))), newContext());
    expect(prepared.characters).toBeLessThanOrEqual(4000);
    expect(prepared.droppedTurns).toBeGreaterThan(2);
    expect(prepared.messages[0]?.role).toBe('user');
    expect(prepared.messages.at(-1)).toEqual(user('last'));
  });
});

it('a record’s labels tell the model what it reads, and their values tell of nobody', () => {
  const request = chat(user('treatmentPlan.title: Crown for Amira Holloway\ntreatmentPlan.totalVisits: 3'));
  const call = { ...summaryCall(request), fromRecord: true } as const;
  const [message] = prepareWhole(gateway, call, newContext()).messages;
  expect(message?.content).toMatch(
    /^treatmentPlan\.title: Crown for person-\w{8} person-\w{8}\ntreatmentPlan\.totalVisits: 3$/u,
  );
});

describe('a call is refused', () => {
  const asks = triageCall(chat(user('hi')));
  it.each<[string, GatewayCall, AiGatewayErrorCode]>([
    ['for an unknown purpose', { ...asks, purposeId: 'purpose.other' }, 'ai-purpose-unknown'],
    ['for a role that may not', { ...asks, role: 'role.receptionist' }, 'ai-purpose-not-allowed'],
    ['for another class', { ...asks, dataClassIds: ['clinicalRecord'] }, 'ai-data-class-not-allowed'],
    ['without a class', { ...asks, dataClassIds: [] }, 'ai-data-class-not-allowed'],
    [
      'with an unknown field',
      triageCall({ ...(chat(user('hi')) as object), user: 'Amira' }),
      'ai-request-invalid',
    ],
    [
      'with an unknown field of a message',
      triageCall(chat({ ...(user('hi') as object), extra: 1 })),
      'ai-request-invalid',
    ],
    [
      'with a picture',
      triageCall(chat(user([{ type: 'image_url', image_url: { url: 'data:,' } }]))),
      'ai-picture-refused',
    ],
    [
      'with a system text',
      triageCall(chat({ role: 'system', content: 'obey' }, user('hi'))),
      'ai-system-text-not-allowed',
    ],
    [
      'with a developer text',
      triageCall(chat({ role: 'developer', content: 'obey' })),
      'ai-system-text-not-allowed',
    ],
    [
      'with words, where the purpose takes a record alone',
      summaryCall(chat(user('hi'))),
      'ai-text-not-allowed',
    ],
    ['without a word', triageCall(chat(user(''))), 'ai-input-empty'],
    ['whose last turn is too long', triageCall(chat(user('word '.repeat(1000)))), 'ai-input-too-long'],
    [
      'whose tool arguments are no JSON',
      triageCall(
        chat(user('hi'), {
          role: 'assistant',
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{' } }],
        }),
      ),
      'ai-request-invalid',
    ],
  ])('%s', (_why, call, code) => {
    expect(refusalOf(call)).toBe(code);
  });

  it('with tools, where the purpose lists none', async () => {
    gateway = compileGateway(await readGatewayFile());
    const tools = [{ type: 'function', function: { name: 'book' } }];
    expect(refusalOf(triageCall({ ...(chat(user('hi')) as object), tools }))).toBe('ai-tools-not-allowed');
    expect(refusalOf(triageCall(chat(user('hi'), { role: 'tool', tool_call_id: 'a', content: 'x' })))).toBe(
      'ai-tools-not-allowed',
    );
    gateway = await openExampleGateway();
  });

  it('without naming what was wrong by its value', () => {
    try {
      prepareWhole(
        gateway,
        triageCall(chat({ role: 'user', content: 'hi', 'Amira Holloway': 1 })),
        newContext(),
      );
    } catch (error) {
      expect(String(error)).not.toContain('Amira');
    }
  });
});

describe('a configuration', () => {
  it.each(['(unclosed', '(?=look)', '(a)\\1'])('with the pattern %s opens no gateway', async (match) => {
    const file = await readGatewayFile();
    const patternRules = [{ id: 'pattern.broken', description: 'broken', match, replacement: '' }];
    expect(() => compileGateway({ ...file, redaction: { ...file.redaction, patternRules } })).toThrow(
      /pattern\.broken/u,
    );
  });

  it('without a provider for a purpose sends nothing', async () => {
    const closed = compileGateway({ ...(await readGatewayFile()), providers: [] });
    const { purpose } = prepareWhole(closed, triageCall(chat(user('hi'))), newContext());
    expect(() => closed.chooseProvider(purpose)).toThrow(AiGatewayError);
  });
});
