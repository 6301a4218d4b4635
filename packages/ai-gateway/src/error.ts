export type AiGatewayErrorCode =
  | 'ai-config-invalid'
  | 'ai-purpose-unknown'
  | 'ai-purpose-not-allowed'
  | 'ai-data-class-not-allowed'
  | 'ai-request-invalid'
  | 'ai-picture-refused'
  | 'ai-tools-not-allowed'
  | 'ai-system-text-not-allowed'
  | 'ai-input-too-long'
  | 'ai-input-empty'
  | 'ai-provider-unavailable'
  | 'ai-answer-refused';

const MESSAGES: Readonly<Record<AiGatewayErrorCode, string>> = {
  'ai-config-invalid': 'The AI gateway is closed until its configuration is valid. Tell your administrator.',
  'ai-purpose-unknown': 'There is no such purpose. GET /v1/ai/models names those you may use.',
  'ai-purpose-not-allowed': 'Your role may not use this purpose.',
  'ai-data-class-not-allowed': 'This purpose may not be given data of this class.',
  'ai-request-invalid':
    'The request has a field, or a value, that the gateway does not know. Send only what it documents.',
  'ai-picture-refused':
    'Pictures and files cannot be searched for personal details and are not sent. Describe them in words.',
  'ai-tools-not-allowed': 'This purpose lists no tools. Send the request without them.',
  'ai-system-text-not-allowed':
    'The purpose brings its own instructions. Send messages of the roles user and assistant only.',
  'ai-input-too-long': 'The last message is too long for this purpose. Shorten it.',
  'ai-input-empty': 'There is nothing to send. Write a message.',
  'ai-provider-unavailable': 'No provider may serve this purpose here. Tell your administrator.',
  'ai-answer-refused':
    'The answer was withheld, because it held details that do not belong to this conversation. Ask again.',
};

/** What the gateway refuses, and nothing was sent. `publicMessage` is fit for people; `detail` names a field or rule, never its value. */
export class AiGatewayError extends Error {
  override readonly name = 'AiGatewayError';
  readonly code: AiGatewayErrorCode;
  readonly publicMessage: string;
  readonly detail?: string;

  constructor(code: AiGatewayErrorCode, detail?: string, options?: ErrorOptions) {
    super(detail === undefined ? MESSAGES[code] : `${MESSAGES[code]} (${detail})`, options);
    this.code = code;
    this.publicMessage = MESSAGES[code];
    if (detail !== undefined) this.detail = detail;
  }
}
