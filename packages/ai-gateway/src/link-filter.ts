/** Takes addresses out of an answer, which a page might fetch or a person might follow with a restored name in them. */
export type LinkFilter = (held: string, piece: string) => string;

const LINK_REMOVED = '[link removed]';
/** Whatever begins an address: a scheme, a host by its usual name, or an address relative to the page's own scheme. */
const BEGINNING =
  /[a-z][a-z0-9+.-]{1,15}:\/\/|\/\/(?=[\w-])|\bwww\.|\b(?:javascript|vbscript|mailto):|\bdata:(?=[a-z]+\/)|\btel:(?=\+?\d)/iu;
const END = /[\s<>"'`)\]]/u;
/** What each of them has in it: most answers have none, and are not tried letter by letter. */
const mayHoldLink = (text: string): boolean =>
  text.includes(':') || text.includes('//') || /www\./iu.test(text);

/**
 * For text in pieces: what was held back of it, which begins where no address is under way, and the next piece. What may still
 * become the beginning of an address must be held back. An address itself is dropped as it comes. Markdown's links and pictures
 * lose their form.
 */
export function openLinkFilter(): LinkFilter {
  let inside = false;

  /** What stands behind the address that was under way; null where it goes on. */
  const skip = (text: string): string | null => {
    const end = END.exec(text);
    inside = end === null;
    return end === null ? null : text.slice(end.index);
  };

  return (held, piece) => {
    const behind = inside ? skip(piece) : piece;
    if (behind === null) return held;
    let out = '';
    let rest = held + behind;
    for (;;) {
      const found = mayHoldLink(rest) ? BEGINNING.exec(rest) : null;
      if (found === null) return (out + rest).replaceAll('](', '] (');
      out += rest.slice(0, found.index) + LINK_REMOVED;
      const next = skip(rest.slice(found.index + found[0].length));
      if (next === null) return out.replaceAll('](', '] (');
      rest = next;
    }
  };
}
