import { randomUUID } from 'node:crypto';
import { PUBLIC_ROLE_ID } from '@cordon/access-policy';
import { z } from 'zod';
import { recordCardNumbers } from '../../audit/record-card-numbers.ts';
import type { RequestCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import {
  contactSchemas,
  entityTag,
  freeText,
  lowerId,
  readIdempotencyKey,
  readIfMatch,
  toTexts,
} from '../../records/index.ts';
import { pageQuery, readCursor, splitPage } from '../../server/page-cursor.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { changeMarketing, withMarketing } from '../../pipeline/change-marketing.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { recordDamaged } from '../../pipeline/open-cells.ts';
import { openForTenant, sealForTenant } from '../../pipeline/tenant-cells.ts';
import { idFrom } from './id-from-key.ts';
import {
  changeLead,
  findLead,
  leadState,
  leadTable,
  listLeads,
  listLeadVersions,
  type LeadRow,
} from './lead-rows.ts';
import { decideLeads, leadSubject, permitLeads } from './lead-access.ts';

const { email, personName, phone } = contactSchemas;
const texts = {
  fullName: { column: 'full_name', input: personName },
  contact: { column: 'contact', input: z.union([email, phone]) },
  message: { column: 'message', input: freeText(2000) },
} as const;
const newLead = z.strictObject({
  clinicId: lowerId.optional(),
  fullName: texts.fullName.input,
  contact: texts.contact.input,
  message: texts.message.input.nullish(),
  consentToContact: z.boolean(),
  consentWordingVersion: z.number().int().min(1).max(1_000_000),
});
const text = z.string().nullable();
const lead = z.object({
  id: z.uuid(),
  clinicId: z.uuid().nullable(),
  state: leadState,
  consentToContact: z.boolean(),
  consentWordingVersion: z.number().int(),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  fullName: text,
  contact: text,
  message: text,
});
const params = z.object({ id: lowerId });

async function showLeads(engine: EngineContext, caller: RequestCaller, rows: readonly LeadRow[]) {
  const cells = rows.flatMap((row) =>
    Object.values(texts).flatMap(({ column }) => {
      const ciphertext = row[column];
      return ciphertext === null
        ? []
        : [{ table: leadTable, column, rowId: row.id, ciphertext, keyId: row.key_id }];
    }),
  );
  const opened = await withMarketing(engine, caller, (transaction) =>
    openForTenant(engine, transaction, caller.tenantId, cells),
  );
  const closed = new Set(cells.flatMap(({ rowId }, index) => (opened[index] === null ? [rowId] : [])));
  await recordDamaged(
    engine,
    caller,
    { resourceType: 'Lead', dataClass: 'marketingLead' },
    rows.filter(({ id }) => closed.has(id)),
  );
  const textOf = new Map(
    cells.map(({ rowId, column }, index) => [`${rowId} ${column}`, opened[index] ?? null]),
  );
  return rows.map((row) => ({
    id: row.id,
    clinicId: row.clinic_id,
    state: row.state,
    consentToContact: row.consent_to_contact,
    consentWordingVersion: row.consent_wording_version,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    fullName: textOf.get(`${row.id} full_name`) ?? null,
    contact: textOf.get(`${row.id} contact`) ?? null,
    message: textOf.get(`${row.id} message`) ?? null,
  }));
}

/** A visitor's enquiry is for the clinic whose site it was left on, whatever the request says. */
function chooseClinic({ role, clinicIds }: RequestCaller, named: string | undefined): string | null {
  if (role !== PUBLIC_ROLE_ID) return named ?? null;
  const own = clinicIds[0] ?? null;
  if (named !== undefined && named !== own)
    throw new EngineError('access-denied', { detail: 'an enquiry at a clinic of another site' });
  return own;
}

/** Who asked about a clinic and may become a patient. Kept apart from patients, in the marketing store. */
export function registerLeadRoutes(tools: RouteTools): void {
  const { server, engine } = tools;
  const find = (caller: RequestCaller, id: string) =>
    withMarketing(engine, caller, (transaction) => findLead(transaction, caller.tenantId, id));

  server.get('/v1/leads', {
    schema: {
      summary: 'List leads, newest first',
      querystring: pageQuery.extend({ clinicId: lowerId.optional() }),
      response: { 200: z.object({ items: z.array(lead), nextCursor: z.string().nullable() }) },
    },
    config: { decides: { action: 'list', dataClass: 'marketingLead' } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { clinicId, cursor, limit } = request.query;
      const after = readCursor(cursor);
      const subject = leadSubject('list', 'record.listed');
      await decideLeads(engine, caller, subject);
      const mine = caller.clinicIds.length === 0 ? null : caller.clinicIds;
      const clinicIds = clinicId === undefined ? mine : [clinicId];
      const found = await withMarketing(engine, caller, (transaction) =>
        listLeads(transaction, caller.tenantId, { clinicIds, after, limit }),
      );
      const { page, nextCursor } = splitPage(found, limit);
      return {
        items: await showLeads(engine, caller, await permitLeads(engine, caller, subject, page)),
        nextCursor,
      };
    },
  });

  server.post('/v1/leads', {
    schema: { summary: 'Add a lead', body: newLead, response: { 201: z.object({ id: z.uuid() }) } },
    config: { decides: { action: 'create', dataClass: 'marketingLead' }, visitors: true },
    onRequest: tools.enter('write'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const { tenantId } = caller;
      const { consentToContact, consentWordingVersion } = request.body;
      // A visitor's name and number are kept to call them back, and on their consent alone; a desk may note who refuses it.
      if (caller.role === PUBLIC_ROLE_ID && !consentToContact)
        throw new EngineError('contact-consent-missing');
      const clinicId = chooseClinic(caller, request.body.clinicId);
      const cleaned = toTexts(texts, request.body);
      const repeatable = await readIdempotencyKey(engine, caller, request.headers['idempotency-key'], {
        route: 'POST /v1/leads',
        body: request.body,
      });
      // The key decides the id, so that a repeated creation meets the row of the first.
      const id = repeatable === null ? randomUUID() : idFrom(repeatable.keyToken, caller.subject);
      await changeMarketing(
        engine,
        caller,
        { ...leadSubject('create', 'record.created'), resourceId: id },
        clinicId,
        async (transaction) => {
          const filled = Object.entries(texts).flatMap(([name, { column }]) => {
            const plaintext = cleaned.texts[name];
            return typeof plaintext === 'string' ? [{ table: leadTable, column, rowId: id, plaintext }] : [];
          });
          const { keyId, sealed } = await sealForTenant(engine, transaction, tenantId, filled);
          const cellOf = (column: string) =>
            sealed[filled.findIndex((cell) => cell.column === column)] ?? null;
          const { rowCount } = await transaction.query(
          `INSERT INTO marketing.leads (tenant_id, id, clinic_id, consent_to_contact, consent_wording_version, key_id,
             full_name, contact, message, updated_by, body_token)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (tenant_id, id) DO NOTHING`,
          [
            tenantId, id, clinicId, consentToContact, consentWordingVersion, keyId, cellOf('full_name'), cellOf('contact'),
            cellOf('message'), caller.subject, repeatable?.bodyToken ?? null,
          ],
        ); // prettier-ignore
          if (rowCount === 1 || repeatable === null) return;
          const first = await findLead(transaction, tenantId, id);
          if (first?.body_token?.equals(repeatable.bodyToken) !== true)
            throw new EngineError('idempotency-key-reused');
        },
      );
      if (cleaned.cardNumbersRemoved > 0)
        await recordCardNumbers(
          engine,
          caller,
          { type: 'Lead', id, clinicId: clinicId ?? undefined, dataClass: 'marketingLead' },
          cleaned.cardNumbersRemoved,
        );
      return reply.status(201).header('location', `/v1/leads/${id}`).send({ id });
    },
  });

  server.get('/v1/leads/:id', {
    schema: { summary: 'Open a lead', params, response: { 200: lead } },
    config: { decides: { action: 'read', dataClass: 'marketingLead' } },
    onRequest: tools.enter('read'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const subject = leadSubject('read', 'record.opened', request.params.id);
      await decideLeads(engine, caller, subject);
      const row = await find(caller, request.params.id);
      const [shown] = await showLeads(
        engine,
        caller,
        await permitLeads(engine, caller, subject, row ? [row] : []),
      );
      if (shown === undefined) throw new EngineError('record-unknown');
      void reply.header('etag', entityTag(shown.id, shown.version));
      return shown;
    },
  });

  server.get('/v1/leads/:id/history', {
    schema: {
      summary: 'Show the states of a lead, newest first',
      params,
      response: {
        200: z.object({
          items: z.array(
            z.object({
              version: z.number().int(),
              state: leadState,
              updatedAt: z.iso.datetime(),
              updatedBy: z.uuid().nullable(),
            }),
          ),
        }),
      },
    },
    config: { decides: { action: 'read', dataClass: 'marketingLead' } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { id } = request.params;
      const subject = leadSubject('read', 'record.opened', id);
      await decideLeads(engine, caller, subject);
      const row = await find(caller, id);
      const permitted = await permitLeads(engine, caller, subject, row ? [row] : []);
      const earlier = await withMarketing(engine, caller, (transaction) =>
        listLeadVersions(transaction, caller.tenantId, id),
      );
      const items = [...permitted, ...earlier].map(({ version, state, updated_at, updated_by }) => ({
        version,
        state,
        updatedAt: updated_at.toISOString(),
        updatedBy: updated_by,
      }));
      return { items };
    },
  });

  server.patch('/v1/leads/:id', {
    schema: {
      summary: 'Change the state of a lead; "If-Match" names the version that was read',
      params,
      body: z.strictObject({ state: leadState }),
      response: { 200: z.object({ id: z.uuid(), version: z.number().int() }) },
    },
    config: { decides: { action: 'update', dataClass: 'marketingLead' } },
    onRequest: tools.enter('write'),
    handler: async (request, reply) => {
      const caller = tools.callerOf(request);
      const { id } = request.params;
      const subject = leadSubject('update', 'record.changed', id);
      await decideLeads(engine, caller, subject);
      const row = await find(caller, id);
      if (row === undefined) throw new EngineError('record-unknown');
      const version = readIfMatch(request.headers['if-match'], id);
      await changeMarketing(
        engine,
        caller,
        { ...subject, resourceId: id },
        row.clinic_id,
        async (transaction) => {
          const target = {
            tenantId: caller.tenantId,
            id,
            version,
            subject: caller.subject,
            versionId: randomUUID(),
          };
          if (!(await changeLead(transaction, target, request.body.state)))
            throw new EngineError('record-changed');
        },
      );
      void reply.header('etag', entityTag(id, version + 1));
      return { id, version: version + 1 };
    },
  });
}
