import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openAiStream } from '../../apps/engine/src/features/ai-gateway/providers/testing/protocol-server.ts';
import { giveConsent } from '../engine/ai-routes.ts';
import { openFailingProvider } from './failing-provider.ts';
import { readAnswer } from './read-answer.ts';
import { completion, runGateway, type TestGateway } from './run-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await runGateway();
});
beforeEach(async () => {
  await gateway.configure((file) => file);
  gateway.provider.received.length = 0;
});
afterAll(() => gateway.close());

interface Message {
  readonly role: string;
  readonly content: string;
}
const user = (content: string): Message => ({ role: 'user', content });
const bodyOf = (body: string) => JSON.parse(body) as { messages: Message[]; stream: boolean };
const lastSaid = (body: string): string => bodyOf(body).messages.at(-1)?.content ?? '';
const pseudonymsIn = (text: string): string[] => text.match(/[a-z]+-[a-z]{8}\b/g) ?? [];
const inPieces = (text: string): string[] => text.match(/.{1,3}/gsu) ?? [];

/** A model that says it, in pieces of three where it is asked for a stream. */
const say = (content: string) => (body: string) =>
  bodyOf(body).stream ? { pieces: openAiStream(...inPieces(content).map((each) => ({ content: each }))) } : completion(content); // prettier-ignore

const canaries = /Petra|Patientson|Quimby|07911|zelda\.quimby|Orchard|LS6/i;
const told =
  'I am Petra Patientson, my friend Zelda Quimby has 07911 123456 and zelda.quimby@example.com, at 12 Orchard Lane, LS6 3HN.';

describe.each([false, true])('a conversation of several turns; streamed: %s', (stream) => {
  const ask = (messages: readonly Message[], conversation: string) =>
    gateway.ask(gateway.patient, { messages, stream, metadata: { conversation } }).then(readAnswer);

  it('keeps its words in the house in every turn, under the same pseudonyms', async () => {
    const conversation = randomUUID();
    gateway.provider.answer = (body) => say(`Hello! ${lastSaid(body)}`)(body);
    const { text } = await ask([user(told)], conversation);
    expect(text).toBe(`Hello! ${told}`);
    // What came back is sent again, as clients do, and asked about.
    const turns = [user(told), { role: 'assistant', content: text }, user('Is ZELDA QUIMBY coming with petra?')];
    gateway.provider.answer = (body) => say(`${lastSaid(body)} Ask ${pseudonymsIn(body).join(', ')}`)(body);
    const second = await ask(turns, conversation);
    expect(second.text).toMatch(/^Is ZELDA QUIMBY coming with petra\? Ask .*Petra, Patientson, Zelda, Quimby, 07911 123456/);
    const [first, again] = gateway.provider.received.map(({ body }) => body);
    expect([first, again].join()).not.toMatch(canaries);
    expect(pseudonymsIn(lastSaid(first ?? '')).length).toBeGreaterThan(5);
    expect(bodyOf(again ?? '').messages.slice(0, 2)).toEqual(bodyOf(first ?? '').messages);
  });

  it('shares no pseudonym with another one of the same person, whose answers turn none of them back', async () => {
    gateway.provider.answer = say('Well.');
    await ask([user(told)], randomUUID());
    await ask([user(told)], randomUUID());
    const [one, other] = gateway.provider.received.map(({ body }) => pseudonymsIn(lastSaid(body)));
    expect(one?.length).toBeGreaterThan(5);
    expect(other?.filter((each) => one?.includes(each))).toEqual([]);
    gateway.provider.answer = say(`Say hello to ${one?.join(' and ') ?? ''}.`);
    expect((await ask([user(told)], randomUUID())).text).toBe(`Say hello to ${one?.join(' and ') ?? ''}.`);
  });

  it('gets its words back in the arguments of tools, however they are cut and written', async () => {
    const tools = [{ type: 'function', function: { name: 'book', parameters: { type: 'object' } } }];
    gateway.provider.answer = (body) => {
      const [petra = '', patientson = '', zelda = ''] = pseudonymsIn(lastSaid(body));
      const given = JSON.stringify({ [petra]: [patientson.toUpperCase(), { with: zelda.replace('-', '_') }] });
      const call = (piece: object) => ({ tool_calls: [{ index: 0, ...piece }] });
      const head = { id: 'a', type: 'function' };
      if (bodyOf(body).stream)
        return { pieces: openAiStream(call({ ...head, function: { name: 'book', arguments: '' } }),
          ...inPieces(given).map((each) => call({ function: { arguments: each } }))) };
      const message = { tool_calls: [{ ...head, function: { name: 'book', arguments: given } }] };
      return { pieces: [JSON.stringify({ choices: [{ message, finish_reason: 'tool_calls' }] })] };
    };
    const messages = [user('I am Petra Patientson, with my friend "Zelda" Quimby')];
    const answer = await gateway.ask(gateway.patient, { messages, tools, stream });
    const { toolArguments } = await readAnswer(answer);
    expect(toolArguments.map((each) => JSON.parse(each) as object)).toEqual([{ Petra: ['Patientson', { with: 'Zelda' }] }]);
  });
}); // prettier-ignore

it('200 requests that are answered piece by piece in turn get their own words, and no other’s', async () => {
  const people = [gateway.patient, gateway.engine.account('Yusuf Yorkson')];
  for (const each of people.slice(1)) await giveConsent(gateway.engine, each);
  const questions = Array.from({ length: 200 }, (_each, index) => ({
    person: people[index % 2] ?? gateway.patient,
    stream: index % 3 !== 0,
    words: `ring 0791${String(1_000_000 + index * 7_919)} or write to visitor${String(index)}@example.com`,
  }));

  // Answers nobody before everybody has asked; then a piece to each in turn.
  const open: { body: string; response: ServerResponse }[] = [];
  const answerAll = (): void => {
    const answers = open.map(({ body, response }) => {
      const said = `You said: ${lastSaid(body)}.`;
      return { response, pieces: [...say(said)(body).pieces] };
    });
    while (answers.some(({ pieces }) => pieces.length > 0))
      for (const { response, pieces } of answers) {
        const piece = pieces.shift();
        if (piece !== undefined) response.write(piece);
      }
    for (const { response } of answers) response.end();
  };
  const provider = await openFailingProvider((_request, response, body) => {
    open.push({ body, response: response.writeHead(200) });
    if (open.length === questions.length) answerAll();
  });
  await gateway.configure((file) => {
    const [usual] = file['providers'] as object[];
    return { ...file, providers: [{ ...usual, baseUrl: `${provider.url}/v1` }] };
  });
  const answers = await Promise.all(
    questions.map(({ person, stream, words }) =>
      gateway.ask(person, { messages: [user(words)], stream }).then(readAnswer),
    ),
  );
  expect(answers.map(({ text }) => text)).toEqual(questions.map(({ words }) => `You said: ${words}.`));
  const sent = open.map(({ body }) => body).join();
  expect(sent).not.toMatch(/0791|visitor\d/);
  const all = open.flatMap(({ body }) => pseudonymsIn(lastSaid(body)));
  expect([all.length, new Set(all).size]).toEqual([400, 400]);
  await provider.close();
});
