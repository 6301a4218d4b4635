import { beforeAll, describe, expect, it } from 'vitest';
import { hostileTexts } from '../../../testing/hostile-texts.ts';
import { buildInput, type Gateway } from '../index.ts';
import { newContext, prepareWhole, openExampleGateway, triageCall } from '../testing/example-gateway.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openExampleGateway();
});

describe.each(hostileTexts)('%s', (_what, text) => {
  it('in a message stays the words of its speaker: no turn, tool or instruction comes of it', () => {
    const prepared = prepareWhole(gateway, triageCall({
        model: 'any',
        messages: [
          { role: 'user', content: text },
          { role: 'assistant', content: 'I see.' },
          { role: 'user', content: [{ type: 'text', text }, { type: 'text', text: 'and more' }] },
        ],
      }),
      newContext(),
    ); // prettier-ignore
    expect(prepared.systemText).toBe(gateway.purposes.get('purpose.chat.triage.assist')?.systemText);
    expect(prepared.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(prepared.messages[1]).toEqual({ role: 'assistant', content: 'I see.' });
    expect(prepared.messages[2]?.content).toHaveLength(2);
    expect(prepared.tools).toEqual([]);
    // As a provider gets it: the text is one value in JSON, and gives nothing back but itself.
    expect(JSON.parse(JSON.stringify(prepared.messages))).toEqual(prepared.messages);
  });

  it('as the result of a tool, or a key of it, stays data', () => {
    const result = JSON.stringify({ note: text, [text]: 1, __proto__: undefined });
    const prepared = prepareWhole(gateway, triageCall({
        model: 'any',
        messages: [
          { role: 'user', content: 'when?' },
          { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: { name: 'look', arguments: JSON.stringify({ text }) } }] },
          { role: 'tool', tool_call_id: 'a', content: result },
        ],
      }),
      newContext(),
    ); // prettier-ignore
    expect(prepared.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
    const content = prepared.messages[2]?.content;
    expect(Object.keys(JSON.parse(typeof content === 'string' ? content : '') as object)).toHaveLength(2);
  });

  it('in a record is one line of its own field', () => {
    const purpose = gateway.purposes.get('purpose.summary.treatmentPlan');
    if (purpose === undefined) throw new Error('the purpose is gone');
    const lines = buildInput(purpose, {
      treatmentPlan: { title: text, items: [{ summaryText: text }, { summaryText: 'Fit' }], totalVisits: 2 },
    }).split(/[\n\v\f\r\u0085\u2028\u2029]/u);
    expect(lines.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      'treatmentPlan.title',
      'treatmentPlan.items.summaryText',
      'treatmentPlan.items.summaryText',
      'treatmentPlan.totalVisits',
    ]);
  });
});
