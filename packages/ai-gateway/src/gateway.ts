import type { AiGatewayFile, AiProvider, AiPurpose } from '@cordon/access-policy';
import {
  loadWords,
  type DerivePseudonym,
  type IdentifierKind,
  type KnownPerson,
  type Pseudonyms,
} from '@cordon/phi-redaction';
import { listLabels } from './build-input.ts';
import { openAnswerStream, type AnswerStream } from './answer-stream.ts';
import { AiGatewayError } from './error.ts';
import { describePseudonyms } from './describe-pseudonyms.ts';
import { countCharacters, fitTurns } from './fit-turns.ts';
import { parseChatRequest, type ChatMessage, type ChatRequest, type ChatTool } from './request.ts';
import { redact } from './redact-call.ts';
import { compileRules } from './rules.ts';

/** Who asks, for what, with which data. */
export interface GatewayCall {
  readonly purposeId: string;
  readonly role: string;
  readonly dataClassIds: readonly string[];
  /** A body of OpenAI's chat completions, as it came in. */
  readonly request: unknown;
  /** Of a record's whitelisted fields the gateway made the request itself; else its texts are of people, as `chatMessage.text`. */
  readonly fromRecord?: true;
}

/** What the engine knows and the request must not tell. */
export interface GatewayContext {
  /** The patient, their people, the clinic: taken from the records themselves. */
  readonly known: readonly KnownPerson[];
  /** Keyed for this conversation alone. */
  readonly derive: DerivePseudonym;
}

/** A call that its purpose allows, before any of its texts was changed. */
export interface CheckedCall {
  readonly purpose: AiPurpose;
  readonly request: ChatRequest;
  readonly tools: readonly ChatTool[];
  /** What stands before each line of a request that was built from a record; none where people wrote it. */
  readonly labels: readonly string[];
}

/** What may be sent, and how to make an answer of what comes back. */
export interface PreparedCall {
  readonly purpose: AiPurpose;
  readonly systemText: string;
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ChatTool[];
  readonly options: Pick<ChatRequest, 'stream' | 'temperature' | 'top_p' | 'max_tokens' | 'tool_choice'>;
  readonly characters: number;
  readonly droppedTurns: number;
  /** How many identifiers of each kind were replaced; for the audit log and for people, without a word of them. */
  readonly replaced: Readonly<Partial<Record<IdentifierKind, number>>>;
  /** Of these, how many the user wrote: what they may be asked to leave out. */
  readonly replacedOfUser: number;
  readonly pseudonyms: Pseudonyms;
  /** A text that was prepared, as it may be kept. */
  readonly describe: (text: string) => string;
  /** For one text of the answer, whole or in pieces: looks at it, and turns pseudonyms back; `json` inside arguments of tools. */
  readonly openAnswer: (form: 'text' | 'json') => AnswerStream;
}

/** A configuration that compiled whole. */
export interface Gateway {
  readonly purposes: ReadonlyMap<string, AiPurpose>;
  /**
   * Whether the purpose may be asked such a thing at all: role, data classes, the request's form, tools.
   * @throws {AiGatewayError} with the first reason against it
   */
  readonly check: (call: GatewayCall) => CheckedCall;
  /**
   * Everything that decides what of a call may leave, in one list. Sends nothing.
   * @throws {AiGatewayError} with the first reason against it
   */
  readonly prepare: (call: CheckedCall, context: GatewayContext) => PreparedCall;
  /** @throws {AiGatewayError} `ai-provider-unavailable` */
  readonly chooseProvider: (purpose: AiPurpose) => AiProvider;
}

/** @throws {AiGatewayError} `ai-config-invalid`: a gateway with half its rules is none */
export function compileGateway(file: AiGatewayFile): Gateway {
  // At the start, and not while the first person waits.
  loadWords();
  const purposes = new Map(file.purposes.map((purpose) => [purpose.id, purpose]));
  const removeForGood = compileRules(file);
  return {
    purposes,
    chooseProvider: (purpose) => chooseProvider(file, purpose),
    check: (call) => {
      const purpose = choosePurpose(purposes, call);
      allowDataClasses(purpose, call);
      allowText(purpose, call);
      const request = parseChatRequest(call.request);
      const labels = call.fromRecord === true ? listLabels(purpose) : [];
      return { purpose, request, tools: allowTools(purpose, request), labels };
    },
    prepare: ({ purpose, request, tools, labels }, context) => {
      const asked = boundInput(purpose, request, tools);
      const call = { request: { ...request, messages: asked.messages }, tools, labels };
      const { redaction, messages, sentTools, replacedOfUser } = redact(call, context, removeForGood);
      if (countCharacters('', messages, []) === 0) throw new AiGatewayError('ai-input-empty');
      const fixed = countCharacters(purpose.systemText, [], sentTools);
      const fitted = fitTurns(messages, purpose.maxCharacters, fixed);
      return {
        purpose,
        systemText: purpose.systemText,
        messages: fitted.messages,
        tools: sentTools,
        options: chooseOptions(request),
        characters: countCharacters(purpose.systemText, fitted.messages, sentTools),
        droppedTurns: asked.droppedTurns + fitted.droppedTurns,
        replaced: redaction.replaced,
        replacedOfUser,
        pseudonyms: redaction.pseudonyms,
        describe: (text) => describePseudonyms(redaction.pseudonyms, text),
        openAnswer: (form) =>
          openAnswerStream({
            known: redaction.known,
            pseudonyms: redaction.pseudonyms,
            mostCharacters: purpose.maxCharacters * ANSWER_FACTOR,
            form,
          }),
      };
    },
  };
}

/** Of what may be sent: what is taken out makes a text shorter, but never by so much. */
const INPUT_FACTOR = 8;

/**
 * What will not be sent need not be searched: the search of a megabyte would keep everybody else waiting.
 * @throws {AiGatewayError} `ai-input-too-long`
 */
function boundInput({ maxCharacters }: AiPurpose, { messages }: ChatRequest, tools: readonly ChatTool[]) {
  const most = maxCharacters * INPUT_FACTOR;
  return fitTurns(messages, most, countCharacters('', [], tools));
}

/** Of what may be asked: an answer beyond it is none that anybody reads. */
const ANSWER_FACTOR = 10;

function choosePurpose(purposes: ReadonlyMap<string, AiPurpose>, call: GatewayCall): AiPurpose {
  const purpose = purposes.get(call.purposeId);
  if (purpose === undefined) throw new AiGatewayError('ai-purpose-unknown');
  if (!purpose.roles.some((role) => role === call.role)) throw new AiGatewayError('ai-purpose-not-allowed');
  return purpose;
}

function allowDataClasses(purpose: AiPurpose, { dataClassIds }: GatewayCall): void {
  const refused = dataClassIds.find((id) => !purpose.allowedDataClasses.some((allowed) => allowed === id));
  if (refused !== undefined || dataClassIds.length === 0)
    throw new AiGatewayError('ai-data-class-not-allowed', refused);
}

/** Whoever may have a record summarised may not for that reason send words of their own. */
function allowText(purpose: AiPurpose, { fromRecord }: GatewayCall): void {
  if (fromRecord !== true && !purpose.whitelistedFields.includes('chatMessage.text'))
    throw new AiGatewayError('ai-text-not-allowed');
}

function allowTools(purpose: AiPurpose, { tools = [], messages }: ChatRequest): readonly ChatTool[] {
  const used =
    tools.length > 0 || messages.some(({ role, ...rest }) => role === 'tool' || 'tool_calls' in rest);
  if (used && !purpose.whitelistedFields.includes('chatMessage.tools'))
    throw new AiGatewayError('ai-tools-not-allowed');
  return tools;
}

/** The first that serves the purpose in the configured region: an order of the file is a decision of its reviewers. */
function chooseProvider(file: AiGatewayFile, purpose: AiPurpose): AiProvider {
  const provider = file.providers.find(
    ({ allowedPurposes, region }) =>
      region === file.defaultRegion && allowedPurposes.some((id) => id === purpose.id),
  );
  if (provider === undefined) throw new AiGatewayError('ai-provider-unavailable');
  return provider;
}

function chooseOptions(request: ChatRequest): PreparedCall['options'] {
  return {
    stream: request.stream ?? false,
    temperature: roundOption(request.temperature),
    top_p: roundOption(request.top_p),
    max_tokens: request.max_completion_tokens ?? request.max_tokens,
    tool_choice: request.tool_choice,
  };
}

/** Two places are all that a model makes a difference of; more could hold a number of somebody's. */
const roundOption = (value: number | null | undefined) =>
  typeof value === 'number' ? Math.round(value * 100) / 100 : value;
