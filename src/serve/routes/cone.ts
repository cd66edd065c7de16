import { Type } from 'typebox';
import type { Extent } from '../../sky/beam.js';
import { instrumentColumn, qualityColumn } from '../../sky/history/columns.js';
import type { Instruments } from '../../sky/instruments.js';
import { obsCoreColumns } from '../../sky/obscore.js';
import { filledIn, type ObservedRow } from '../../sky/observed.js';
import { type ObservedSighting, observedSightings } from '../../sky/sightings/observed.js';
import type { Column } from '../../sky/table/column.js';
import { errorVotable, votable } from '../../sky/table/votable.js';
import type { HistoryReader } from '../../store/reader.js';
import { degrees } from '../../units.js';
import { MAX_ROWS, query, span } from '../parameters.js';
import { type HeavyContext, heavyRoute, route } from '../route.js';
import { availability, capabilities } from '../vosi.js';

const VOTABLE = 'application/x-votable+xml';

/** What is wrong with a request, for the standard's own form of an error. */
class BadCone extends Error {}

interface ConeRow extends ObservedRow {
  readonly instrument: string;
  readonly offsetDeg: number;
  readonly peakResponse: number;
}

/** Beyond ObsCore, with VERB=3. */
const furtherColumns: readonly Column<ConeRow>[] = [
  {
    name: 'offset_deg',
    value: ({ offsetDeg }) => offsetDeg,
    type: 'double',
    unit: 'deg',
    ucd: 'pos.angDistance',
    description:
      'Distance of the position asked for from the centre of the beam: at the closest approach with response, else in the middle of the observation',
  },
  {
    name: 'peak_response',
    value: ({ peakResponse }) => peakResponse,
    type: 'double',
    ucd: 'phys.transmission;instr.beam;stat.max',
    description: 'Power response of the primary beam at that distance, 0 to 1',
  },
  { ...instrumentColumn, name: 'instrument_name', ucd: 'meta.id;instr' },
  qualityColumn,
];
const BRIEF = ['obs_id', 's_ra', 's_dec', 'path'];

const parameter = (description: string) => Type.Optional(Type.Unknown({ description }));
/** Only described here: they are read by hand, in any case, since the standard has its own form for errors. */
const ConeQuery = Type.Object({
  RA: parameter('ICRS right ascension, deg'),
  DEC: parameter('ICRS declination, deg'),
  SR: parameter('Search radius, deg; 0 for the columns alone'),
  VERB: parameter('1 few columns, 2 those of ObsCore (default), 3 all'),
  MAXREC: parameter(`Maximum number of rows, at most ${MAX_ROWS}; 0 for the columns alone`),
  t_min: parameter('Least mid time of an observation, MJD UTC'),
  t_max: parameter('Greatest mid time of an observation, MJD UTC'),
  response: parameter(
    'Instead of SR: the position was in the main lobe down to this power response, above 0 and below 1, at any time during the observation',
  ),
});

const description = `IVOA Simple Cone Search 1.03. Without \`response\`: the observations whose beam’s centre was within SR of the
position in the middle of the observation. With it: those that had the position in the beam, drift included.`;

const XML = 'text/xml; charset=utf-8';

export const coneRoute = heavyRoute({
  heavy: 'pieces',
  path: '/vo/cone',
  name: 'searchCone',
  tag: 'Pointing',
  summary: 'Cone search of the observations',
  description,
  query: ConeQuery,
  answer: Type.String({ description: 'A VOTable' }),
  mediaTypes: [VOTABLE],
  validity: 'no-cache',
  async respond(_, context, { url }) {
    try {
      return await answer(coneOf(new URL(url, 'http://any').searchParams), context);
    } catch (error) {
      if (error instanceof BadCone) return Buffer.from(errorVotable(error.message));
      throw error;
    }
  },
});

export const availabilityRoute = route({
  path: '/vo/availability',
  name: 'getVoAvailability',
  tag: 'Monitor',
  summary: 'VOSI availability',
  query: query({}),
  answer: Type.String(),
  mediaTypes: [XML],
  validity: 'no-store',
  respond: async (_, { reader }) => Buffer.from(await availability(() => reader.requireDatabase())),
});

export const capabilitiesRoute = route({
  path: '/vo/capabilities',
  name: 'getVoCapabilities',
  tag: 'Monitor',
  summary: 'VOSI capabilities',
  query: query({}),
  answer: Type.String(),
  mediaTypes: [XML],
  validity: 'no-cache',
  respond: (_, __, { root }) => Buffer.from(capabilities(`${root}/vo`, MAX_ROWS)),
});

interface Cone {
  readonly raDeg: number;
  readonly decDeg: number;
  readonly extent: Extent;
  readonly middleOnly: boolean;
  readonly verbosity: number;
  readonly maxRows: number;
  readonly start: ReturnType<typeof span>['start'];
  readonly end: ReturnType<typeof span>['end'];
}

/** By DALI the case of names does not count. */
function coneOf(query: URLSearchParams): Cone {
  const given = new Map([...query].map(([name, value]) => [name.toUpperCase(), value]));
  if (given.size < [...query].length) throw new BadCone('give each parameter once');
  const number = (name: string, min: number, max: number, otherwise?: number): number => {
    const text = given.get(name.toUpperCase());
    if ((text === undefined || text === '') && otherwise !== undefined) return otherwise;
    const value = text?.trim() ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max))
      throw new BadCone(
        `${name}: ${text === undefined ? 'missing' : `"${text}"`}; expected a number from ${min} to ${max}`,
      );
    return value;
  };
  const response = given.get('RESPONSE') ? number('response', 1e-6, 1 - 1e-6) : undefined;
  const radiusDeg = number('SR', 0, 180, response === undefined ? undefined : 180);
  const start = number('t_min', -1e6, 1e6, -1e6);
  const end = number('t_max', -1e6, 1e6, 1e6);
  if (start > end) throw new BadCone('t_min is after t_max');
  return {
    raDeg: number('RA', 0, 360),
    decDeg: number('DEC', -90, 90),
    extent: response === undefined || radiusDeg === 0 ? { radiusDeg } : { response },
    middleOnly: response === undefined,
    verbosity: number('VERB', 1, 3, 2),
    maxRows: radiusDeg === 0 ? 0 : number('MAXREC', 0, Number.MAX_SAFE_INTEGER, MAX_ROWS),
    ...span({ start_mjd: start, end_mjd: end }),
  };
}

async function answer(
  cone: Cone,
  { reader, instruments: source }: HeavyContext,
): Promise<AsyncIterable<string>> {
  const instruments = await source.read();
  const columns = [...obsCoreColumns(instruments), ...furtherColumns].filter(
    ({ name }) =>
      cone.verbosity > 2 ||
      (cone.verbosity > 1 ? !furtherColumns.some((each) => each.name === name) : BRIEF.includes(name)),
  );
  const max = Math.min(cone.maxRows, MAX_ROWS);
  const rows = limited(max === 0 ? [] : pagesIn(cone, reader, instruments), max);
  const heading = {
    name: 'observations',
    description: `Observations of ${instruments.telescopes.map(({ name }) => name).join(' and ')} near a position`,
    infos: [['QUERY_STATUS', 'OK']] as const,
  };
  const overflow = () => (rows.overflowed() || max === 0 ? ([['QUERY_STATUS', 'OVERFLOW']] as const) : []);
  return votable<ConeRow>(heading, columns, rows.pages(), overflow);
}

async function* pagesIn(
  cone: Cone,
  reader: HistoryReader,
  instruments: Instruments,
): AsyncGenerator<ConeRow[]> {
  const { raDeg, decDeg, extent, middleOnly, start, end } = cone;
  const source = { name: 'cone', raIcrsDeg: degrees(raDeg), decIcrsDeg: degrees(decDeg) };
  const range = { fromMjdUtc: start, toMjdUtc: end };
  const options = { ...extent, instruments, middleOnly };
  for await (const page of observedSightings(reader, [source], range, options)) {
    yield placed(page, instruments);
  }
}

function placed(page: readonly ObservedSighting[], { unknown }: Instruments): ConeRow[] {
  const rows = filledIn(
    page.map(({ row }) => row),
    unknown.site,
  );
  return rows.map((row, i) => {
    const { instrument, offsetDeg, peakResponse } = page[i] as ObservedSighting;
    return { ...row, instrument, offsetDeg, peakResponse };
  });
}

/** The first `max` rows, and whether there were more. */
function limited<Row>(pages: AsyncIterable<Row[]> | Iterable<Row[]>, max: number) {
  let left = max;
  let more = false;
  async function* first(): AsyncGenerator<Row[]> {
    for await (const page of pages) {
      yield page.slice(0, left);
      more = page.length > left;
      left -= page.length;
      if (more) return;
    }
  }
  return { pages: first, overflowed: () => more };
}
