import type { RequestListener } from 'node:http';

/** Answers with a text, whatever is asked. */
export const answerText = (body: string, head: Record<string, string> = {}): RequestListener => (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', ...head }).end(body);
}; // prettier-ignore
export const wholeAnswer = JSON.stringify({
  choices: [{ message: { content: 'All is well.' }, finish_reason: 'stop' }],
});

/** What a provider may do, and what a call that meets it ends with. */
export const wrongAnswers: readonly (readonly [what: string, code: string, answer: RequestListener])[] = [
  ['never answers', 'ai-provider-slow', () => undefined],
  ['falls silent in the middle', 'ai-provider-slow', (_request, response) => {
    response.writeHead(200).write(wholeAnswer.slice(0, 20));
  }],
  ['drips', 'ai-provider-slow', (_request, response) => {
    const timer = setInterval(() => response.write(' '), 200);
    response.writeHead(200).on('close', () => { clearInterval(timer); });
  }],
  ['is cut off before its answer', 'ai-provider-failed', (request) => { request.socket.destroy(); }],
  ['is cut off in the middle', 'ai-provider-failed', (request, response) => {
    response.writeHead(200, { 'content-length': '5000' }).write(wholeAnswer, () => request.socket.destroy());
  }],
  ['answers what is no JSON', 'ai-provider-failed', answerText('All is well.')],
  ['answers a page', 'ai-provider-failed', answerText('<html>All is well.</html>', { 'content-type': 'text/html' })],
  ['answers JSON of another form', 'ai-provider-failed', answerText('{"choices":[{"message":{"content":["All is well."]}}]}')],
  ['answers nothing', 'ai-provider-failed', answerText('')],
  ['answers without end', 'ai-provider-failed', (_request, response) => {
    response.writeHead(200);
    const write = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      if (!response.destroyed) response.once('drain', write);
    };
    write();
  }],
  ['answers in a packed form', 'ai-provider-failed', answerText(wholeAnswer, { 'content-encoding': 'gzip' })],
  ['redirects', 'ai-provider-failed', (_request, response) => {
    response.writeHead(308, { location: '/v1/chat/completions/elsewhere' }).end();
  }],
  ['has too much to do', 'ai-provider-failed', (_request, response) => { response.writeHead(429).end(wholeAnswer); }],
  ['fails', 'ai-provider-failed', (_request, response) => { response.writeHead(500).end(wholeAnswer); }],
  ['refuses its key', 'ai-provider-failed', (_request, response) => { response.writeHead(401).end(wholeAnswer); }],
]; // prettier-ignore
