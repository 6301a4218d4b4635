import { useMutation } from '@tanstack/react-query';
import { type AuditExportFormat, type AuditFilter, downloadAudit } from '../api/queries.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';

const FORMATS: readonly (readonly [AuditExportFormat, string])[] = [
  ['csv', 'CSV'],
  ['ndjson', 'NDJSON'],
  ['fhir', 'FHIR'],
];

/** Takes away what the filter shows. Asks for a fresh factor, and is itself an entry of the log. */
export function ExportPanel({ filter }: { filter: AuditFilter }) {
  const save = useMutation({ mutationFn: (format: AuditExportFormat) => downloadAudit(filter, format) });
  return (
    <section className="export" aria-label="Export">
      <div className="button-row">
        <span className="hint">Save what this filter shows as</span>
        {FORMATS.map(([format, name]) => (
          <button
            key={format}
            type="button"
            className="button"
            disabled={save.isPending}
            onClick={() => {
              save.mutate(format);
            }}
          >
            {save.isPending && save.variables === format ? 'Saving…' : name}
          </button>
        ))}
      </div>
      <p role="status" className="hint">
        {save.isSuccess ? 'Saved. The file holds ids and no names.' : ''}
      </p>
      {save.isError && (
        <ProblemNotice
          error={save.error}
          onRetry={() => {
            save.mutate(save.variables);
          }}
        />
      )}
    </section>
  );
}
