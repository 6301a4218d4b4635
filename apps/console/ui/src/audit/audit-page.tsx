import { formatExactInstant } from '@cordon/clinic-page';
import { useQuery } from '@tanstack/react-query';
import { auditQuery } from '../api/queries.ts';
import type { AuditEntry, Me } from '../api/types.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { PagedList } from '../parts/paged-list.tsx';
import { Empty } from '../parts/states.tsx';
import { Tag } from '../parts/tag.tsx';
import { useCursorTrail } from '../routing/cursor-trail.ts';
import { PageHeading } from '../routing/page-heading.tsx';
import { navigate, useSearch } from '../routing/router.ts';
import { nameOfClinic, useWorkplace } from '../shell/workplace-context.ts';
import { readChoice, toFilter, writeChoice } from './audit-filter.ts';
import { describeEntry, sayOutcome } from './audit-words.ts';
import { ExportPanel } from './export-panel.tsx';
import { FilterForm } from './filter-form.tsx';
import { sayProof } from './proof-words.ts';
import { sayDataClasses, sayReasonCode } from './reason-words.ts';

function Sentence({ entry, intent, me }: { entry: AuditEntry; intent: AuditEntry | undefined; me: Me }) {
  const reason = sayReasonCode(entry.reasonCode);
  const about = [
    entry.clinicId === null ? '' : nameOfClinic(me, entry.clinicId),
    sayDataClasses(entry.dataClassIds),
  ].filter((part) => part !== '');
  return (
    <>
      <span className="sentence">
        {describeEntry(entry, intent)}
        {reason !== null && <span className="sentence-reason">: {reason}</span>}
      </span>
      {about.length > 0 && <span className="hint about">{about.join(' · ')}</span>}
    </>
  );
}

/** The entry that this one is the outcome of, where it is on the same page. */
function findIntent({ id, intentId }: AuditEntry, entries: readonly AuditEntry[]): AuditEntry | undefined {
  return intentId === undefined || intentId === null || intentId === id
    ? undefined
    : entries.find((entry) => entry.id === intentId);
}

function Traces({ entry }: { entry: AuditEntry }) {
  const traces = [
    ['Person', entry.actorSubject],
    [entry.resourceType ?? 'Resource', entry.resourceId],
    ['Request', entry.requestId],
    ['Entry', entry.id],
    ['Place in the log', entry.proof.leafIndex?.toString() ?? null],
    ['Begun by entry', entry.intentId === entry.id ? null : (entry.intentId ?? null)],
  ] as const;
  return (
    <details className="details">
      <summary>
        Ids<span className="visually-hidden"> of the entry at {formatExactInstant(entry.at)}</span>
      </summary>
      <dl className="traces">
        {traces.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <code>{value}</code>
              </dd>
            </div>
          ),
        )}
      </dl>
    </details>
  );
}

export function AuditPage() {
  const { me } = useWorkplace();
  const search = useSearch();
  const choice = readChoice(search);
  const trail = useCursorTrail(`audit ${search}`);
  const query = useQuery(auditQuery(toFilter(choice), trail.cursor));
  const filtered = writeChoice(choice) !== '';
  const columns: readonly Column<AuditEntry>[] = [
    {
      key: 'at',
      header: 'When',
      cell: ({ at }) => (
        <time className="when" dateTime={at}>
          {formatExactInstant(at)}
        </time>
      ),
    },
    {
      key: 'what',
      header: 'What happened',
      isRowHeader: true,
      cell: (entry) => <Sentence entry={entry} intent={findIntent(entry, query.data?.items ?? [])} me={me} />,
    },
    {
      key: 'outcome',
      header: 'Outcome',
      cell: (entry) => {
        const { label, tone } = sayOutcome(entry);
        return <Tag tone={tone}>{label}</Tag>;
      },
    },
    {
      key: 'proof',
      header: 'Proof',
      cell: ({ proof }) => {
        const { label, tone, more } = sayProof(proof);
        return (
          <span title={more}>
            <Tag tone={tone}>{label}</Tag>
          </span>
        );
      },
    },
    { key: 'ids', header: 'Details', cell: (entry) => <Traces entry={entry} /> },
  ];
  return (
    <>
      <PageHeading title="Audit">Audit log</PageHeading>
      <p className="lead">
        Who did what, and what was refused. Newest first. Reading this page is itself written down.
      </p>
      <FilterForm
        choice={choice}
        onChoose={(next) => {
          navigate(`/audit${writeChoice(next)}`, 'replace');
        }}
      />
      <ExportPanel filter={toFilter(choice)} />
      <PagedList
        query={query}
        trail={trail}
        one="entry"
        many="entries"
        empty={
          <Empty title={filtered ? 'No entry fits this filter' : 'The log is empty'}>
            {filtered && <p>Widen the dates or choose any action.</p>}
          </Empty>
        }
      >
        {(items, busy) => (
          <DataTable
            caption="Audit entries"
            columns={columns}
            rows={items}
            rowKey={({ id }) => id}
            busy={busy}
          />
        )}
      </PagedList>
    </>
  );
}
