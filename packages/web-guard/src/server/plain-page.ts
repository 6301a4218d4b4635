/** Characters that mean something in HTML, and what stands for them. */
const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/**
 * A page for a navigation that cannot go on: a heading, a sentence, where to go. It needs no script and no style, so it
 * stands under the strictest policy and while the app's own pages are away.
 */
export function renderPlainPage(page: {
  heading: string;
  sentence: string;
  requestId: string;
  links: readonly { readonly href: string; readonly label: string }[];
}): string {
  const links = page.links.map(
    ({ href, label }) => `<p><a href="${escapeHtml(href)}">${escapeHtml(label)}</a></p>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(page.heading)}</title></head>
<body>
<main>
<h1>${escapeHtml(page.heading)}</h1>
<p>${escapeHtml(page.sentence)}</p>
${links.join('\n')}
<p>Request ${escapeHtml(page.requestId)}</p>
</main>
</body>
</html>
`;
}
