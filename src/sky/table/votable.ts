import { escapeXml } from '../xml.js';
import type { Column, Pages } from './column.js';

/** What a VOTable says of itself. */
export interface VotableHeading {
  readonly name: string;
  readonly description: string;
  /** INFO elements before the table: name and value. */
  readonly infos?: readonly (readonly [name: string, value: string])[];
}

/**
 * A VOTable 1.4 document of the IVOA with units, content descriptors and frames of the columns, part by part.
 * `infoAfter` is asked at the end, for what only then is known: that rows were left out.
 */
export async function* votable<Row>(
  { name, description, infos = [] }: VotableHeading,
  columns: readonly Column<Row>[],
  pages: Pages<Row>,
  infoAfter: () => readonly (readonly [name: string, value: string])[] = () => [],
): AsyncGenerator<string> {
  yield `${START}
 <RESOURCE type="results" name="${escapeXml(name)}">
${infos.map(info).join('')}${systems(columns)}  <TABLE name="${escapeXml(name)}">
   <DESCRIPTION>${escapeXml(description)}</DESCRIPTION>
${columns.map(field).join('')}   <DATA><TABLEDATA>
`;
  for await (const rows of pages) yield rows.map((row) => tableRow(columns, row)).join('');
  yield `   </TABLEDATA></DATA>
  </TABLE>
${infoAfter().map(info).join('')} </RESOURCE>
</VOTABLE>
`;
}

/** A VOTable without a table, which says what is wrong with a request: IVOA Simple Cone Search 1.03, section 2.3. */
export const errorVotable = (message: string): string =>
  `${START}
 <INFO ID="Error" name="Error" value="${escapeXml(message)}"/>
 <RESOURCE type="results"><INFO name="QUERY_STATUS" value="ERROR">${escapeXml(message)}</INFO></RESOURCE>
</VOTABLE>
`;

const START = `<?xml version="1.0" encoding="UTF-8"?>
<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">`;

/** What the columns refer to. Times with a year of the calendar have no origin. */
const SYSTEMS = {
  icrs: '<COOSYS ID="icrs" system="ICRS"/>',
  utc: '<TIMESYS ID="utc" timeorigin="MJD-origin" timescale="UTC" refposition="TOPOCENTER"/>',
  utc_calendar: '<TIMESYS ID="utc_calendar" timescale="UTC" refposition="TOPOCENTER"/>',
} as const;

function systemOf<Row>({ frame, type }: Column<Row>): keyof typeof SYSTEMS | undefined {
  return frame === 'utc' && type === 'text' ? 'utc_calendar' : frame;
}

function systems<Row>(columns: readonly Column<Row>[]): string {
  const used = new Set(columns.map(systemOf));
  return Object.entries(SYSTEMS)
    .filter(([id]) => used.has(id as keyof typeof SYSTEMS))
    .map(([, element]) => `  ${element}\n`)
    .join('');
}

const info = ([name, value]: readonly [string, string]) =>
  `  <INFO name="${escapeXml(name)}" value="${escapeXml(value)}"/>\n`;

function tableRow<Row>(columns: readonly Column<Row>[], row: Row): string {
  const cells = columns.map(({ value }) => {
    const cell = value(row);
    return typeof cell === 'number' ? number(cell) : escapeXml(cell ?? '');
  });
  return `    <TR><TD>${cells.join('</TD><TD>')}</TD></TR>\n`;
}

/** VOTable writes what is no number as NaN, with IEEE's infinities. */
const number = (value: number) =>
  Number.isFinite(value) ? value : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';

function field<Row>(column: Column<Row>): string {
  const { name, type, unit, ucd, utype, xtype, description } = column;
  const attributes = Object.entries({
    ID: name,
    name,
    // What has an xtype is ASCII.
    datatype: { double: 'double', int: 'int', text: xtype ? 'char' : 'unicodeChar' }[type],
    arraysize: type === 'text' ? '*' : undefined,
    unit,
    ucd,
    utype,
    xtype,
    ref: systemOf(column),
  }).flatMap(([key, value]) => (value === undefined ? [] : `${key}="${escapeXml(value)}"`));
  return `   <FIELD ${attributes.join(' ')}><DESCRIPTION>${escapeXml(description)}</DESCRIPTION></FIELD>\n`;
}
