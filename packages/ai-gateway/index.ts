export { buildInput, listSources, type RecordFields } from './src/build-input.ts';
export type { AnswerStream } from './src/answer-stream.ts';
export { explainCall, readExample, type Example } from './src/explain.ts';
export { AI_GATEWAY_ERROR_CODES, AiGatewayError, type AiGatewayErrorCode } from './src/error.ts';
export {
  compileGateway,
  type CheckedCall,
  type Gateway,
  type GatewayCall,
  type GatewayContext,
  type PreparedCall,
} from './src/gateway.ts';
export { parseChatRequest, type ChatMessage, type ChatRequest, type ChatTool } from './src/request.ts';
