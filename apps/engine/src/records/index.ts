import type { RouteTools } from '../server/route-tools.ts';
import { readWhole, registerHistoryRoute, registerListRoute, registerReadRoute } from './read-routes.ts';
import type { RecordKind } from './record-kind.ts';
import { statementsOf } from './statements.ts';
import { registerAmendRoute, registerChangeRoute, registerCreateRoute } from './write-routes.ts';

export { freeText, lineOfText, lowerId, pence, pointInTime } from './field-schemas.ts';
export * as contactSchemas from './contact-schemas.ts';
export { entityTag, readIfMatch } from './entity-tag.ts';
export { claimKey, readIdempotencyKey } from './idempotency.ts';
export { createOnce } from './once.ts';
export type { RecordKind } from './record-kind.ts';
export { createPatientBody } from './record-schemas.ts';
export { namedFields, scrubText, toTexts } from './row-values.ts';
export { statementsOf } from './statements.ts';
export { readWhole, registerChangeRoute, registerHistoryRoute };

/**
 * The routes of one kind of record: list, open, history, add, and change or, where rows are only appended, amend. What a
 * kind is stands in one table of columns and schemas in its feature; how a record is read and written stands here, once.
 */
export function registerRecordRoutes(tools: RouteTools, kind: RecordKind): void {
  const statements = statementsOf(kind);
  registerListRoute(tools, kind, statements);
  registerReadRoute(tools, kind, statements);
  registerHistoryRoute(tools, kind, statements);
  registerCreateRoute(tools, kind, statements);
  if (kind.versions !== null) registerChangeRoute(tools, kind, statements);
  if (kind.chain !== undefined && 'names' in kind.chain) registerAmendRoute(tools, kind, statements);
}
