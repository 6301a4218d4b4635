import { beforeAll, describe, expect, it } from 'vitest';
import { AiGatewayError, type Gateway } from '../index.ts';
import { newContext, openExampleGateway, prepareWhole, triageCall } from '../testing/example-gateway.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openExampleGateway();
});

const user = (content: unknown) => ({ role: 'user', content });
const nest = (depth: number): unknown =>
  Array.from({ length: depth }).reduce<unknown>((inside) => ({ properties: { a: inside } }), {});
const tool = (parameters: unknown) => ({ type: 'function', function: { name: 'book', parameters } });

function refusalOf(request: object): string {
  try {
    prepareWhole(gateway, triageCall({ model: 'any', ...request }), newContext());
    return 'none';
  } catch (error) {
    return error instanceof AiGatewayError ? error.code : String(error);
  }
}

describe('a request without bounds', () => {
  it.each<[string, object]>([
    ['whose tools have 10,000 properties', { messages: [user('hi')], tools: [tool(Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`p${at}`, {}])))] }],
    ['whose tools are nested 1,000 deep', { messages: [user('hi')], tools: [tool(nest(1000))] }],
  ])('%s is refused for its form', (_what, request) => {
    expect(refusalOf(request)).toBe('ai-request-invalid');
  }); // prettier-ignore

  it('whose turns are far longer than the purpose takes is searched in its last ones alone', () => {
    const turns = Array.from({ length: 12 }, () => [user('Nadia Brandt '.repeat(800)), user('and?')]).flat();
    const { messages, droppedTurns, replaced } = prepareWhole(
      gateway,
      triageCall({ model: 'any', messages: [...turns, user('I am Amira')] }),
      newContext(),
    );
    expect(messages).toHaveLength(2);
    expect(droppedTurns).toBe(23);
    expect(replaced.person).toBeLessThan(5000);
    expect(refusalOf({ messages: [user('Nadia Brandt '.repeat(5000))] })).toBe('ai-input-too-long');
  });
});

it('a temperature holds no number of anybody’s', () => {
  const request = { model: 'any', messages: [user('hi')], temperature: 0.07700900123, top_p: 0.9434765919 };
  const { options } = prepareWhole(gateway, triageCall(request), newContext());
  expect([options.temperature, options.top_p]).toEqual([0.08, 0.94]);
});
