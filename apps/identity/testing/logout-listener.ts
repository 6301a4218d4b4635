import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A client's back-channel logout address (OpenID Connect Back-Channel Logout 1.0, 2.5). */
export interface LogoutListener {
  readonly url: string;
  readonly tokens: string[];
  /** While true, it answers with a failure. */
  away: boolean;
  close(): Promise<void>;
}

export async function startLogoutListener(): Promise<LogoutListener> {
  const tokens: string[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => {
      text += part;
    });
    request.on('end', () => {
      if (!listener.away) tokens.push(new URLSearchParams(text).get('logout_token') ?? '');
      response.writeHead(listener.away ? 503 : 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const listener: LogoutListener = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/logout`,
    tokens,
    away: false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return listener;
}
