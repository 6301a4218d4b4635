import { createLogger, type Logger } from '@cordon/service';
import { describe, expect, it } from 'vitest';
import { hostileTexts } from './hostile-texts.ts';

function write(work: (logger: Logger) => void): string {
  let written = '';
  work(createLogger({ app: 'engine', level: 'info', destination: { write: (line: string) => void (written += line) } }));
  return written;
} // prettier-ignore
const log = (work: (logger: Logger) => void) => JSON.parse(write(work)) as Record<string, unknown>;

const texts = [
  'method',
  'route',
  'code',
  'detail',
  'role',
  'action',
  'dataClass',
  'securityEvent',
  'store',
  'component',
  'signal',
] as const;

describe('a card number in a log line', () => {
  const number = '4111 1111 1111 1111';
  it.each(texts)('is taken out of %s', (name) => {
    expect(log((logger) => { logger.info('told', { [name]: `card ${number}` }); })[name]).toBe('card [REDACTED-PAN]');
  });

  it('is taken out of what is told, of the code and detail of an error, and of what caused it', () => {
    const wrong = () => Object.assign(new Error(number), { code: number, detail: number, publicMessage: 'x' });
    const written = JSON.stringify(log((logger) => { logger.error(`card ${number}`, { err: Object.assign(wrong(), { cause: wrong() }) }); }));
    expect(written).not.toContain('4111');
    expect(written.split('[REDACTED-PAN]')).toHaveLength(6);
  });

  it('is not looked for in ids', () => {
    const requestId = '4111111111111111';
    expect(log((logger) => { logger.info('told', { requestId }); })['requestId']).toBe(requestId);
  });
}); // prettier-ignore

describe.each(hostileTexts)('%s', (_what, text) => {
  it('in the log is one value of one line, and nothing to a terminal', () => {
    const written = write((logger) => {
      logger.warn('a test', { component: text, code: text, err: Object.assign(new Error(text), { code: text }) });
    });
    expect(written.endsWith('\n')).toBe(true);
    for (const sign of ['\n', '\r', '\u001b']) expect(written.trimEnd().includes(sign)).toBe(false);
    const line = JSON.parse(written) as Record<string, unknown>;
    expect(line['app']).toBe('engine');
    expect(line['event']).toBe('a test');
  }); // prettier-ignore
});
