import type { SeedAccount, TestEngine } from './run-engine.ts';

/** An alert as a live view tells it. */
export interface SeenAlert {
  readonly id: string;
  readonly change: string;
  readonly message: string | null;
  readonly urgency: string;
}

export interface AlertConsole {
  /** The first event that fits, of those told already or later. */
  next(fits: (event: SeenAlert) => boolean): Promise<SeenAlert>;
  seen(): readonly SeenAlert[];
  /** What was open when the view began. */
  open(): readonly SeenAlert[];
  lastEventId(): string;
  ended(): boolean;
  close(): void;
}

/** A console without its page: reads the stream as a browser does. Resolves once the view has begun. */
export async function openAlertStream(
  engine: { readonly running: { readonly url: string }; readonly token: TestEngine['token'] },
  account: SeedAccount,
  lastEventId?: string,
  claims: Record<string, unknown> = {},
): Promise<AlertConsole> {
  const leaving = new AbortController();
  const answer = await fetch(`${engine.running.url}/v1/alerts/stream`, {
    headers: {
      authorization: `Bearer ${await engine.token(account, claims)}`,
      accept: 'text/event-stream',
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
    signal: leaving.signal,
  });
  if (answer.status !== 200 || answer.body === null) throw new Error(`the stream answered ${answer.status}`);
  const seen: SeenAlert[] = [];
  let open: readonly SeenAlert[] = [];
  let last = lastEventId ?? '';
  let over = false;
  const isOver = (): boolean => over;
  let told: () => void = () => undefined;
  let change = new Promise<void>((resolve) => (told = resolve));

  function take(block: string): void {
    const fields = new Map(
      block.split('\n').map((line) => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]),
    );
    const data = fields.get('data');
    if (data === undefined) return;
    last = fields.get('id') ?? last;
    if (fields.get('event') === 'open') open = (JSON.parse(data) as { items: SeenAlert[] }).items;
    else seen.push(JSON.parse(data) as SeenAlert);
  }

  async function read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    try {
      for await (const piece of body.pipeThrough(new TextDecoderStream())) {
        text += piece;
        for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
          take(text.slice(0, at));
          text = text.slice(at + 2);
        }
        told();
        change = new Promise((resolve) => (told = resolve));
      }
    } catch {
      // Closed from here, or by the engine's end.
    }
    over = true;
    told();
  }
  void read(answer.body);
  if (lastEventId === undefined || !/^[0-9a-f-]{36}\.\d+$/.test(lastEventId))
    while (last === (lastEventId ?? '')) {
      // Without this the promise of an ended stream, kept ever after, would leave no turn to anybody else.
      if (isOver()) throw new Error('the stream ended before it began');
      await change;
    }

  return {
    async next(fits) {
      for (;;) {
        const found = seen.find(fits);
        if (found !== undefined) return found;
        if (over) throw new Error('the stream ended before the event came');
        await change;
      }
    },
    seen: () => seen,
    open: () => open,
    lastEventId: () => last,
    ended: isOver,
    close: () => {
      leaving.abort();
    },
  };
}
