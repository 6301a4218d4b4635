export { buildInput, type RecordFields } from './src/build-input.ts';
export type { CheckAnswer } from './src/check-answer.ts';
export { explainCall, readExample, type Example } from './src/explain.ts';
export { AiGatewayError, type AiGatewayErrorCode } from './src/error.ts';
export {
  compileGateway,
  type Gateway,
  type GatewayCall,
  type GatewayContext,
  type PreparedCall,
} from './src/gateway.ts';
export { parseChatRequest, type ChatMessage, type ChatRequest, type ChatTool } from './src/request.ts';
