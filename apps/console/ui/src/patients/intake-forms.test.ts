import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { hostileTexts } from '../../../../../testing/hostile-texts.ts';
import { intakeFormsQuery } from '../api/queries.ts';
import type { IntakeForm } from '../api/types.ts';
import { IntakeForms } from './intake-forms.tsx';

const patientId = '00000000-0000-4000-8000-000000000001';

function draw(text: string): string {
  const form: IntakeForm = {
    id: '00000000-0000-4000-8000-000000000002',
    receivedAt: '2026-05-03T12:00:00Z',
    cardNumbersRemoved: 0,
    fields: { allergies: text, medication: text, medicalHistory: text, reasonForVisit: text },
    text,
    pictures: 0,
  };
  const client = new QueryClient();
  client.setQueryData(intakeFormsQuery(patientId).queryKey, { items: [form] });
  return renderToStaticMarkup(
    createElement(QueryClientProvider, { client }, createElement(IntakeForms, { patientId })),
  );
}

/** The elements of a page and what hangs on them, without a word of its texts. */
const elementsOf = (page: string): string[] => page.match(/<[^>]*>/g) ?? [];

describe('what somebody wrote on a form', () => {
  const plain = elementsOf(draw('Latex'));

  it.each(hostileTexts)('is shown as text, and makes no element: %s', (_what, text) => {
    const page = draw(text);
    expect(elementsOf(page)).toEqual(plain);
    const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#x27;');
    expect(page.split(escaped)).toHaveLength(6);
  }); // prettier-ignore
});
