import { createHash, randomUUID, type KeyObject } from 'node:crypto';
import {
  ControlGateError,
  longestBoardEnvelope,
  openBoardReport,
  type BoardReport,
} from '@cordon/control-gate';
import { z } from 'zod';
import type { AuditEntry } from '../../audit/entry.ts';
import { EngineError } from '../../error.ts';
import { requireCertificate } from '../../server/require-certificate.ts';
import type { EngineServer } from '../../server/route-tools.ts';
import { noTenantContext } from '../../stores/system-context.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';

/** A report is sent when its run has ended: an older one is a replay, and would only blur the trend. */
const oldest = 86_400_000;
/** Clocks of two machines may differ. */
const clockSlack = 300_000;

/** What a run of the gate sends over mutual TLS, and what two things must vouch for: its certificate and its signature. */
export function registerGateReportRoute(
  server: EngineServer,
  engine: EngineContext,
  key: KeyObject | undefined,
): void {
  server.post('/internal/v1/gate-reports', {
    bodyLimit: longestBoardEnvelope + 10_000,
    schema: {
      body: z.strictObject({ envelope: z.string().min(100).max(longestBoardEnvelope) }),
      response: { 200: z.object({ kept: z.boolean() }) },
    },
    config: { decides: null },
    onRequest: requireCertificate('gate'),
    handler: async (request) => {
      const { envelope } = request.body;
      const report = await openOrRefuse(engine, envelope, key);
      await engine.audit.append([entryOf('success')]);
      return { kept: await keep(engine, envelope, report) };
    },
  });
}

async function openOrRefuse(
  engine: EngineContext,
  envelope: string,
  key: KeyObject | undefined,
): Promise<BoardReport> {
  try {
    if (key === undefined) throw new EngineError('gate-report-refused', { detail: 'no key is trusted' });
    const report = openBoardReport(envelope, key);
    const age = Date.now() - Date.parse(report.ended);
    if (age > oldest || age < -clockSlack || Date.parse(report.began) > Date.parse(report.ended))
      throw new EngineError('gate-report-refused', { detail: `it ended at ${report.ended}` });
    return report;
  } catch (error) {
    await engine.audit.append([entryOf('failure')]);
    if (!(error instanceof ControlGateError)) throw error;
    throw new EngineError('gate-report-refused', { detail: error.code, cause: error });
  }
}

const entryOf = (outcome: 'success' | 'failure'): AuditEntry => ({
  id: randomUUID(),
  initiatorType: 'service',
  action: 'gate-report.taken',
  resourceType: 'GateReport',
  dataClassIds: ['auditLogEntry'],
  decision: outcome === 'success' ? 'permit' : 'deny',
  reasonCode: outcome === 'success' ? 'granted' : 'report-untrusted',
  outcome,
});

async function keep(engine: EngineContext, envelope: string, report: BoardReport): Promise<boolean> {
  const digest = createHash('sha256').update(envelope).digest();
  const { rows } = await engine.stores.pools.engine_audit.query<{ kept: boolean }>(
    noTenantContext(),
    'SELECT gate.keep_report($1, $2, $3, $4, $5) AS kept',
    [digest, report.to, report.whole, report.ended, envelope],
  );
  return rows[0]?.kept === true;
}
