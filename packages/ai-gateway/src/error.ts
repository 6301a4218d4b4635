/** HTTP status that fits, and a sentence fit for people. */
const ANSWERS = {
  'ai-config-invalid': [503, 'The AI gateway is closed until its configuration is valid. Tell your administrator.'],
  'ai-purpose-unknown': [404, 'There is no such purpose. GET /v1/ai/models names those you may use.'],
  'ai-purpose-not-allowed': [403, 'Your role may not use this purpose.'],
  'ai-data-class-not-allowed': [403, 'This purpose may not be given data of this class.'],
  'ai-model-unknown': [404, 'There is no such model here. Name the purpose as the model, or "cordon".'],
  'ai-request-invalid': [400, 'The request has a field, or a value, that the gateway does not know. Send only what it documents.'],
  'ai-picture-refused': [422, 'Pictures and files cannot be searched for personal details and are not sent. Describe them in words.'],
  'ai-tools-not-allowed': [422, 'This purpose lists no tools. Send the request without them.'],
  'ai-text-not-allowed': [422, 'This purpose takes a record and no text of yours. Name the record to POST /v1/ai/purposes/:id.'],
  'ai-system-text-not-allowed': [422, 'The purpose brings its own instructions. Send messages of the roles user and assistant only.'],
  'ai-patient-missing': [400, 'This purpose is about one patient. Name the patient as metadata.patient.'],
  'ai-consent-missing': [403, 'Agree to the assistant first: your consent to it is not on record.'],
  'ai-input-too-long': [413, 'The last message is too long for this purpose. Shorten it.'],
  'ai-input-empty': [422, 'There is nothing to send. Write a message.'],
  'ai-check-failed': [503, 'A check of the request did not run to its end, so nothing was sent. Try again in a moment.'],
  'ai-stopped': [503, 'An administrator has stopped the assistant for now. Contact the clinic.'],
  'ai-limit-reached': [429, 'The limit for this use of the assistant is reached. Try again later.'],
  'ai-provider-unavailable': [503, 'No provider may serve this purpose here. Tell your administrator.'],
  'ai-provider-failed': [502, 'The model provider did not answer as it should. Try again in a moment.'],
  'ai-provider-slow': [504, 'The model provider took too long. Try again in a moment.'],
  'ai-provider-resting': [503, 'The model provider fails just now and is left alone for a moment. Try again in a minute.'],
  'ai-answer-refused': [502, 'The answer was withheld, because it held details that do not belong to this conversation. Ask again.'],
} as const satisfies Record<string, readonly [status: number, publicMessage: string]>; // prettier-ignore

export type AiGatewayErrorCode = keyof typeof ANSWERS;
export const AI_GATEWAY_ERROR_CODES = Object.keys(ANSWERS) as AiGatewayErrorCode[];

/** What the gateway refuses. `publicMessage` is fit for people; `detail` names a field or rule, never its value. */
export class AiGatewayError extends Error {
  override readonly name = 'AiGatewayError';
  readonly code: AiGatewayErrorCode;
  readonly publicMessage: string;
  readonly status: number;
  readonly detail?: string;
  readonly retryAfterSeconds?: number;
  /** Members of the request, by names of OpenAI's API and of no other. */
  readonly fields?: readonly { readonly field: string; readonly reason: string }[];

  constructor(
    code: AiGatewayErrorCode,
    detail?: string,
    options: ErrorOptions & Pick<AiGatewayError, 'retryAfterSeconds' | 'fields'> = {},
  ) {
    const [status, publicMessage] = ANSWERS[code];
    super(detail === undefined ? publicMessage : `${publicMessage} (${detail})`, options);
    this.code = code;
    this.publicMessage = publicMessage;
    this.status = status;
    if (detail !== undefined) this.detail = detail;
    if (options.retryAfterSeconds !== undefined) this.retryAfterSeconds = options.retryAfterSeconds;
    if (options.fields !== undefined) this.fields = options.fields;
  }
}
