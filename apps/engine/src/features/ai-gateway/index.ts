import type { LivePolicy } from '@cordon/access-policy';
import type { RouteTools } from '../../server/route-tools.ts';
import type { GatewayParts } from './call.ts';
import { registerChatRoute } from './chat-route.ts';
import { keepKnownPeople } from './known-people.ts';
import { registerModelsRoute } from './models-route.ts';
import { createCircuit, openProviders, type ProviderSettings } from './providers/index.ts';
import { registerConversationRoutes } from './conversation-routes.ts';
import { registerPurposeRoute } from './purpose-route.ts';
import { followConfig } from './read-config.ts';
import { createStopWatch } from './stop-watch.ts';
import { tellUnknownRoute } from './tell-problem.ts';
import { registerVisitorConversationRoutes } from './visitor-conversation-routes.ts';

export { changeStop, stopKinds } from './stops.ts';
export { readAiSettings } from './ai-settings.ts';
export type { ProviderSettings } from './providers/index.ts';

/** Where the gateway's configuration comes from. */
export interface PolicySource {
  readonly live: LivePolicy;
  readonly folder: string;
}

export interface GatewayOptions {
  readonly policySource: PolicySource;
  readonly providers: ProviderSettings;
  /** Tells the open consoles of a tenant that an alert came. */
  readonly wakeAlerts: (tenantId: string) => void;
}

/** The only way from Cordon to a model. */
export function registerAiGatewayRoutes(tools: RouteTools, options: GatewayOptions): void {
  const { live, folder } = options.policySource;
  const parts: GatewayParts = {
    engine: tools.engine,
    readConfig: followConfig(live, folder),
    findProvider: openProviders(options.providers),
    circuit: createCircuit(),
    knownPeople: keepKnownPeople(),
    stopWatch: createStopWatch(tools.engine),
  };
  void tools.server.register(
    (scope, _options, done) => {
      scope.setNotFoundHandler(tellUnknownRoute);
      done();
    },
    { prefix: '/v1/ai' },
  );
  registerChatRoute(tools, parts);
  registerModelsRoute(tools, parts);
  registerPurposeRoute(tools, parts);
  registerConversationRoutes(tools, options.wakeAlerts);
  registerVisitorConversationRoutes(tools);
}
