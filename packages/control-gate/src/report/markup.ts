const names: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that XML 1.0 (2.2) has no place for. */
const impossible =
  // eslint-disable-next-line no-control-regex -- these are the ones to take out
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text as text, in XML and in HTML, in content and in attributes. */
export const escapeMarkup = (text: string): string =>
  text.replace(impossible, '\ufffd').replace(/[&<>"']/g, (character) => names[character] ?? '');
