import type { LivePolicy } from '@cordon/access-policy';
import type { RouteTools } from '../../server/route-tools.ts';
import type { GatewayParts } from './call.ts';
import { registerChatRoute } from './chat-route.ts';
import { registerModelsRoute } from './models-route.ts';
import { openProviders } from './providers/index.ts';
import { registerConversationRoutes } from './conversation-routes.ts';
import { registerPurposeRoute } from './purpose-route.ts';
import { followConfig } from './read-config.ts';

/** Where the gateway's configuration comes from. */
export interface PolicySource {
  readonly live: LivePolicy;
  readonly folder: string;
}

/** The only way from Cordon to a model. */
export function registerAiGatewayRoutes(
  tools: RouteTools,
  source: PolicySource,
  wakeAlerts: (tenantId: string) => void,
): void {
  const parts: GatewayParts = {
    engine: tools.engine,
    readConfig: followConfig(source.live, source.folder),
    findProvider: openProviders(),
  };
  registerChatRoute(tools, parts);
  registerModelsRoute(tools, parts);
  registerPurposeRoute(tools, parts);
  registerConversationRoutes(tools, wakeAlerts);
}
