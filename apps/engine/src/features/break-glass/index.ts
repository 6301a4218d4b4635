import type { RouteTools } from '../../server/route-tools.ts';
import { registerBreakGlassOpen } from './open-route.ts';
import { registerBreakGlassReviews } from './review-routes.ts';

export { notifyGrant } from './notify-grant.ts';

export function registerBreakGlassRoutes(tools: RouteTools): void {
  registerBreakGlassOpen(tools);
  registerBreakGlassReviews(tools);
}
