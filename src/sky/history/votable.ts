import type { ObservedRow } from '../observed.js';
import { type Column, historyColumns } from './columns.js';

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">
 <RESOURCE name="pointing_history">
  <COOSYS ID="icrs" system="ICRS"/>
  <TIMESYS ID="utc" timeorigin="MJD-origin" timescale="UTC" refposition="TOPOCENTER"/>
  <TABLE name="pointing_history">
   <DESCRIPTION>Where the DSA-110 pointed at the middle of each observation</DESCRIPTION>
`;
const TAIL = `   </TABLEDATA></DATA>
  </TABLE>
 </RESOURCE>
</VOTABLE>
`;

/** A VOTable 1.4 document of the IVOA, with units, content descriptors and frames of the columns, part by part. */
export async function* historyVotable(
  rows: AsyncIterable<ObservedRow> | Iterable<ObservedRow>,
): AsyncGenerator<string> {
  yield `${HEAD}${historyColumns.map(field).join('')}   <DATA><TABLEDATA>\n`;
  for await (const row of rows) {
    const cells = historyColumns.map(({ value }) => `<TD>${escaped(String(value(row) ?? ''))}</TD>`);
    yield `    <TR>${cells.join('')}</TR>\n`;
  }
  yield TAIL;
}

function field({ name, type, unit, ucd, frame, description }: Column): string {
  const attributes = Object.entries({
    ID: name,
    name,
    datatype: type === 'double' ? 'double' : 'unicodeChar',
    arraysize: type === 'text' ? '*' : undefined,
    unit,
    ucd,
    ref: frame,
  }).flatMap(([key, value]) => (value === undefined ? [] : `${key}="${escaped(value)}"`));
  return `   <FIELD ${attributes.join(' ')}><DESCRIPTION>${escaped(description)}</DESCRIPTION></FIELD>\n`;
}

/** A path may hold anything but a slash and NUL; XML 1.0 cannot name most control characters, so they become U+FFFD. */
function escaped(text: string): string {
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
