interface Piece {
  readonly content?: string | null;
  readonly tool_calls?: readonly {
    readonly index?: number;
    readonly function: { readonly arguments?: string };
  }[];
}
interface Said {
  readonly choices: readonly { readonly message?: Piece; readonly delta?: Piece }[];
}

export interface ReadAnswer {
  readonly text: string;
  /** Of each tool that was called, in its order. */
  readonly toolArguments: readonly string[];
}

/** What the caller gets to see in the end, of a plain answer or of a stream that came to its end. */
export async function readAnswer(answer: Response): Promise<ReadAnswer> {
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(body);
  const streamed = body.startsWith('data: ');
  if (streamed && !body.endsWith('data: [DONE]\n\n')) throw new Error(`has no end: ${body}`);
  const events = streamed ? body.split('\n\n').slice(0, -2).map((event) => event.slice(6)) : [body];
  let text = '';
  const toolArguments: string[] = [];
  for (const event of events) {
    const [choice] = (JSON.parse(event) as Said).choices;
    const piece = choice?.delta ?? choice?.message;
    text += piece?.content ?? '';
    for (const [place, call] of (piece?.tool_calls ?? []).entries()) {
      const index = call.index ?? place;
      toolArguments[index] = (toolArguments[index] ?? '') + (call.function.arguments ?? '');
    }
  }
  return { text, toolArguments };
} // prettier-ignore
