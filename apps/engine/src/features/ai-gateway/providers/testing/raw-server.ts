import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface RawServer {
  readonly url: string;
  /** Connections that were opened so far. */
  readonly connections: () => number;
  /** What is done to each request once it is there, from now on. */
  answer: (socket: Socket) => void;
  readonly close: () => Promise<void>;
}

/** A server that writes whatever bytes it is told to: HTTP, or what is none. */
export async function openRawServer(): Promise<RawServer> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    let text = '';
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
      if (!text.includes('\r\n\r\n') || !text.endsWith('}')) return;
      text = '';
      made.answer(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const made: RawServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    answer: (socket) => socket.end(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
  return made;
}
