import { createHash } from 'node:crypto';
import type { Finding } from '../run-checks.ts';
import { escapeMarkup } from './markup.ts';
import { countStates, nextOf, type Report } from './report.ts';

const style = `:root{color-scheme:light dark;--ink:#1b2330;--quiet:#5b6573;--line:#d7dce3;--page:#fff;--card:#f6f8fa;--pass:#0a6b3d;--fail:#b3261e;--unknown:#8a5a00}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ee;--quiet:#9aa4b2;--line:#343c48;--page:#14181e;--card:#1c222b;--pass:#5fd39a;--fail:#ff8a80;--unknown:#f0bf5f}}
*{box-sizing:border-box}body{margin:0 auto;max-width:64rem;padding:2rem 1rem 4rem;font:16px/1.55 system-ui,sans-serif;color:var(--ink);background:var(--page)}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2.5rem 0 .75rem}p{margin:.35rem 0}.quiet{color:var(--quiet);font-size:.9rem}
.verdict{font-size:2rem;font-weight:700;margin:1rem 0 0}.pass{color:var(--pass)}.fail{color:var(--fail)}.unknown{color:var(--unknown)}
article{border:1px solid var(--line);border-left-width:5px;border-radius:6px;background:var(--card);padding:.9rem 1.1rem;margin:.75rem 0}
article.fail{border-left-color:var(--fail);color:inherit}article.unknown{border-left-color:var(--unknown);color:inherit}article.pass{border-left-color:var(--pass);color:inherit}
h3{font-size:1rem;margin:0}code,pre{font:.85rem/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}pre{margin:.3rem 0 .8rem}
summary{cursor:pointer;color:var(--quiet);font-size:.9rem}dl{margin:.5rem 0 0;display:grid;grid-template-columns:max-content 1fr;gap:.2rem .9rem}dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
@media(max-width:34rem){dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}}`;

const names = { pass: 'pass', fail: 'fail', unknown: 'unknown' } as const;

/** One page that stands alone: no script, no address, and a policy that keeps it so. */
export function renderHtml(report: Report): string {
  const digest = createHash('sha256').update(style).digest('base64');
  const counts = countStates(report.findings);
  const { judgement } = report;
  const title =
    report.to === undefined ? `${report.system}: checks` : `${report.system}: gate to ${report.to}`;
  const [word, state] = judgement === undefined ? ['Not judged', 'unknown'] : judgement.allowed ? ['May go', 'pass'] : ['Blocked', 'fail']; // prettier-ignore
  const section = (heading: string, findings: readonly Finding[]): string =>
    findings.length === 0
      ? ''
      : `<section><h2>${escapeMarkup(heading)} (${findings.length})</h2>\n${findings.map(renderCard).join('\n')}</section>`;
  const rest = report.findings.filter(({ state: each }) => each !== 'pass');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'">
<title>${escapeMarkup(title)}</title><style>${style}</style></head><body>
<header><h1>${escapeMarkup(title)}</h1>
<p class="quiet">${escapeMarkup(report.commit === null ? 'no commit' : `commit ${report.commit}`)} · <time datetime="${report.ended}">${report.ended.slice(0, 16).replace('T', ' ')} UTC</time></p>
<p class="verdict ${state}">${word}</p>
<p>${counts.pass} pass, ${counts.fail} fail, ${counts.unknown} unknown. Unknown blocks like fail.</p></header>
<main>
${
  judgement === undefined
    ? section('Not passing', rest)
    : section(
        'In the way',
        judgement.blocking.map(({ finding }) => finding),
      )
}
${
  judgement === undefined
    ? ''
    : section(
        'Not in the way of this promotion, and not done',
        judgement.tracked.map(({ finding }) => finding),
      )
}
${section(
  'Passed',
  report.findings.filter(({ state: each }) => each === 'pass'),
)}
</main></body></html>
`;
}

function renderCard(finding: Finding): string {
  const { control, state, because, evidence } = finding;
  const references = [
    ...control.references.asvs.map((id) => `ASVS ${id}`),
    ...control.references.hipaa.map((id) => `HIPAA ${id}`),
    ...control.references.ukGdpr.map((id) => `UK GDPR art. ${id}`),
  ].join(', ');
  const proofs = evidence
    .map(
      ({ asked, of, at, answer }) =>
        `<p class="quiet">${escapeMarkup(`${at} · ${of}`)}</p><pre>${escapeMarkup(`${asked}\n→ ${answer}`)}</pre>`,
    )
    .join('');
  return `<article class="${state}" id="${escapeMarkup(control.id)}"><h3><span class="${state}">${names[state]}</span> · ${escapeMarkup(`${control.priority} ${control.id} · ${control.title}`)}</h3>
<p>${escapeMarkup(because)}</p>
<dl>${state === 'pass' ? '' : `<dt>Next</dt><dd><code>${escapeMarkup(nextOf(finding))}</code></dd>`}<dt>Threat</dt><dd>${escapeMarkup(control.threat)}</dd><dt>Owner</dt><dd>${escapeMarkup(control.owner)}</dd><dt>References</dt><dd>${escapeMarkup(references)}</dd></dl>
${proofs === '' ? '' : `<details><summary>Evidence</summary>${proofs}</details>`}</article>`;
}
