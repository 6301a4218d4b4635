import type { Transaction } from '@cordon/row-security';
import { z } from 'zod';
import { contactSchemas, lineOfText, lowerId } from '../../records/index.ts';
import type { RouteTools } from '../../server/route-tools.ts';
import { wipeSearchKeys } from '../../pipeline/change-record.ts';
import { discloseRecords } from '../../pipeline/disclose-records.ts';
import { compact } from './name-sounds.ts';
import { patientTable, type PatientRow } from './profile.ts';
import { listColumns, listedPatient, showListed } from './listed-patient.ts';
import { wantedTokens, type WantedToken } from './search-tokens.ts';

const mostResults = 50;
const { dateOfBirth, email, nhsNumber, phone } = contactSchemas;

const terms = z
  .strictObject({
    /** Whole names, or at least three letters of their beginnings. */
    name: lineOfText(100)
      .refine((text) => compact(text).length > 0)
      .optional(),
    dateOfBirth: dateOfBirth.optional(),
    phone: phone.optional(),
    email: email.optional(),
    nhsNumber: nhsNumber.optional(),
    clinicId: lowerId.optional(),
  })
  .refine(
    (body) => Object.entries(body).some(([field, term]) => field !== 'clinicId' && term !== undefined),
    {
      error: 'nothing-to-look-for',
    },
  );

interface FoundRow extends PatientRow {
  readonly score: number;
}

/** The best hits first: a patient is found who has a token of each group, by the tokens that say most. */
async function findByTokens(
  transaction: Transaction,
  tenantId: string,
  wanted: readonly WantedToken[],
  clinicId: string | undefined,
): Promise<readonly FoundRow[]> {
  const { rows } = await transaction.query<FoundRow>(
    `WITH hits AS (
       SELECT t.patient_id, w.part, max(w.weight) AS weight
       FROM unnest($2::bytea[], $3::integer[], $4::integer[]) AS w (token, part, weight)
       JOIN clinical.patient_search_tokens t ON t.tenant_id = $1 AND t.token = w.token
       WHERE $6::uuid IS NULL OR t.clinic_id = $6
       GROUP BY t.patient_id, w.part),
     best AS (
       SELECT patient_id, sum(weight)::integer AS score FROM hits GROUP BY patient_id HAVING count(*) = $5
       ORDER BY score DESC, patient_id LIMIT $7)
     SELECT p.id, p.clinic_id, p.id AS patient_id, p.created_at, p.full_name, p.date_of_birth, best.score
     FROM best JOIN clinical.patients p ON p.tenant_id = $1 AND p.id = best.patient_id`,
    [
      tenantId,
      wanted.map(({ token }) => token),
      wanted.map(({ group }) => group),
      wanted.map(({ weight }) => weight),
      new Set(wanted.map(({ group }) => group)).size,
      clinicId ?? null,
      mostResults + 1,
    ],
  );
  return rows;
}

/** Finds patients by blind tokens. What is sought stands in the body: addresses are logged, bodies are not. */
export function registerPatientSearch(tools: RouteTools): void {
  const { server, engine } = tools;
  server.post('/v1/patients/search', {
    schema: {
      summary: 'Find patients by name, beginning of a name, date of birth, phone, e-mail or NHS number',
      body: terms,
      response: {
        200: z.object({
          items: z.array(listedPatient),
          /** More were found than are shown: the search should say more. */
          more: z.boolean(),
        }),
      },
    },
    config: { decides: { action: 'list', dataClass: 'patientProfile' } },
    onRequest: tools.enter('read'),
    handler: async (request) => {
      const caller = tools.callerOf(request);
      const { clinicId, ...sought } = request.body;
      const search = await engine.tenantKeys.search(caller.tenantId);
      const wanted = search.all.flatMap(({ key }) => wantedTokens(key, sought));
      wipeSearchKeys(search);
      let more = false;
      const rows = await discloseRecords<FoundRow, keyof typeof listColumns>(engine, caller, {
        subject: {
          action: 'list',
          dataClass: 'patientProfile',
          auditAction: 'record.searched',
          resourceType: 'Patient',
        },
        table: patientTable,
        columns: listColumns,
        fetch: async (transaction) => {
          const found = await findByTokens(transaction, caller.tenantId, wanted, clinicId);
          more = found.length > mostResults;
          return [...found].sort((one, other) => other.score - one.score).slice(0, mostResults);
        },
      });
      const byName = new Intl.Collator('en-GB');
      const items = rows
        .toSorted(
          (one, other) =>
            other.row.score - one.row.score ||
            byName.compare(one.fields?.fullName ?? '', other.fields?.fullName ?? '') ||
            one.row.id.localeCompare(other.row.id),
        )
        .map(showListed);
      return { items, more };
    },
  });
}
