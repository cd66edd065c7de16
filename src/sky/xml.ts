const SPECIAL = /[&<>"\p{Cc}\ufffe\uffff]/u;

/**
 * A text as content or attribute of XML. A path or a name from a file may hold anything; XML 1.0 has no way to write most control
 * characters, so they become U+FFFD.
 */
export function escapeXml(text: string): string {
  if (!SPECIAL.test(text)) return text;
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML has no way to write
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}
