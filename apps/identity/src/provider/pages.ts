import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? '');

export interface Homes {
  readonly console: string;
  readonly portal: string;
}

/** `body` is HTML of ours; whatever comes from a request goes through `escapeHtml` first. */
function renderPage(ctx: KoaContextWithOIDC, title: string, body: string, script = ''): void {
  ctx.type = 'html';
  ctx.body = `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · Cordon</title>
<link rel="stylesheet" href="/pages/page.css">
${script}
</head>
<body>
<main class="card">
<p class="brand">Cordon</p>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
}

const ways = (homes: Homes) =>
  `<ul class="ways"><li><a href="${escapeHtml(homes.console)}">Go to the staff console</a></li>
<li><a href="${escapeHtml(homes.portal)}">Go to the patient portal</a></li></ul>`;

/** A request that cannot be answered at the client. The error code is shown for whoever runs the client. */
export function renderErrorPage(homes: Homes) {
  return (ctx: KoaContextWithOIDC, out: ErrorOut): void => {
    renderPage(
      ctx,
      'This sign-in cannot go on',
      `<p>The request was not complete, has expired, or was used before. Start again from where you came from.</p>
<p class="quiet">Code: ${escapeHtml(out.error)}</p>
${ways(homes)}`,
    );
  };
}

/**
 * Sign-out that a client asked for with the person's ID token goes on by itself; any other link could be a prank, so
 * the person is asked.
 */
export function renderSignOutPage(ctx: KoaContextWithOIDC, form: string): void {
  const proven = ctx.oidc.entities.IdTokenHint !== undefined;
  renderPage(
    ctx,
    proven ? 'Signing you out' : 'Sign out?',
    `${form}
<p>${proven ? 'One moment, please.' : 'You will be signed out of every Cordon page in this browser.'}</p>
<button class="primary" type="submit" form="op.logoutForm" name="logout" value="yes"${proven ? ' data-submit' : ''}>Sign out</button>`,
    proven ? '<script src="/pages/submit.js" defer></script>' : '',
  );
}

export function renderSignedOutPage(homes: Homes) {
  return (ctx: KoaContextWithOIDC): void => {
    renderPage(ctx, 'You are signed out', `<p>You can close this window.</p>\n${ways(homes)}`);
  };
}
