import type { ChatMessage } from '@cordon/ai-gateway';
import type { ModelEvent, ModelProvider } from './provider.ts';
import { answerVisitor, askPatient, listRecord } from './embedded-answers.ts';

/** Stands before each of its answers, so that nobody takes rules for a model. */
export const OFFLINE_MARK = '[Offline assistant: fixed rules, no language model]';

const answers: Readonly<Record<string, (texts: readonly string[]) => string>> = {
  'purpose.chat.marketing.general': answerVisitor,
  'purpose.chat.triage.assist': askPatient,
  'purpose.summary.treatmentPlan': listRecord,
  'purpose.summary.clinicalRecord.internal': listRecord,
};

/** The default on first start: no key, no download, no connection. The same question has the same answer. */
export const embedded: ModelProvider = {
  // eslint-disable-next-line @typescript-eslint/require-await -- the interface is asynchronous, the rules are not
  async *ask({ purposeId, prepared }): AsyncGenerator<ModelEvent> {
    const texts = prepared.messages.filter(({ role }) => role === 'user').map(textOf);
    const text = `${OFFLINE_MARK}\n${(answers[purposeId] ?? listRecord)(texts)}`;
    for (const piece of text.match(/\S*\s*/gu) ?? []) if (piece !== '') yield { type: 'text', text: piece };
    const input = texts.reduce((sum, each) => sum + each.length, prepared.systemText.length);
    yield { type: 'end', reason: 'stop', usage: { input: toTokens(input), output: toTokens(text.length) } };
  },
};

/** Four characters are about a token of English; nothing is paid for here. */
const toTokens = (characters: number): number => Math.ceil(characters / 4);

function textOf({ content }: ChatMessage): string {
  if (content === undefined || content === null) return '';
  return typeof content === 'string' ? content : content.map((part) => part.text).join('\n');
}
