import { formatCountdown, type RequestError } from '@cordon/clinic-page';

const away = 'The assistant is switched off at the moment. You can still reach a person at the clinic.';
const silent =
  'The assistant does not answer just now. Try again in a minute, or reach a person at the clinic.';

/** By the server's code. Its own sentences speak to developers and administrators. */
const words: Readonly<Record<string, string>> = {
  'ai-stopped': away,
  'ai-config-invalid': away,
  'ai-provider-unavailable': away,
  'ai-limit-reached':
    'The assistant has answered as much as it may for today. You can still reach a person at the clinic.',
  'ai-check-failed': silent,
  'ai-provider-failed': silent,
  'ai-provider-slow': silent,
  'ai-provider-resting': silent,
  'ai-answer-refused':
    'The answer was held back, because it held details that do not belong here. Ask in other words, or reach a person at the clinic.',
  'ai-input-too-long': 'Your question is too long for the assistant. Ask it in fewer words.',
  'ai-consent-missing':
    'You have not agreed to the assistant, or took it back. Load the page again to agree.',
  'ai-request-invalid': 'This conversation has ended. Load the page again to begin another one.',
  'visit-ended':
    'Your visit has ended, or this browser keeps no cookie for it. Load the page again, or telephone the clinic.',
  'session-ended': 'You have been signed out, so that nobody else can read on here. What was said is kept.',
  'record-held': 'The clinic must keep this conversation for now, and cannot erase it. Ask the clinic why.',
};

/** What a visitor or patient is told. */
export function sayProblem({ problem, publicMessage, status, retryAfterSeconds }: RequestError): string {
  const known = problem === undefined ? undefined : words[problem];
  if (known !== undefined) return known;
  if (status !== 429) return publicMessage;
  const wait = retryAfterSeconds === undefined ? 'a minute' : formatCountdown(retryAfterSeconds);
  return `That was a lot in a short time. Wait ${wait}, then try again.`;
}
