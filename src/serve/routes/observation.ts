import { type Static, Type } from 'typebox';
import { astrometry } from '../../native/astrometry.js';
import { calibratorsAbove } from '../../sky/calibrators.js';
import { galacticOfIcrs } from '../../sky/galactic.js';
import type { Instruments } from '../../sky/instruments.js';
import type { ObservedRow } from '../../sky/observed.js';
import { SightingSearches } from '../../sky/sightings/searches.js';
import { ALWAYS, isoMillisecondsOfMjdUtc, mjdUtc } from '../../units.js';
import { NotFound } from '../errors.js';
import { observationOf, observationProperties } from '../observation.js';
import { observationAt } from '../observation-at.js';
import { BadParameter, query } from '../parameters.js';
import { Angle, Mjd, orNull } from '../quantities.js';
import { route } from '../route.js';
import { wholeRows } from '../whole-rows.js';
import { calibratorProperties, DEFAULT_MIN_FLUX_JY, described } from './calibrators.js';
import { A_MOMENT_DAYS, FilePath, SubBands } from './recent.js';

const Observation = Type.Object(
  {
    ...observationProperties,
    path: FilePath,
    duration_seconds: orNull(Type.Number()),
    ha_deg: Angle('Apparent hour angle'),
    elevation_deg: Angle('Without refraction'),
    azimuth_deg: Angle('From north through east'),
    galactic_l_deg: Angle('Galactic longitude'),
    galactic_b_deg: Angle('Galactic latitude'),
    sub_bands: SubBands,
    calibrators: Type.Array(
      Type.Object({
        ...calibratorProperties,
        offset_deg: Angle('From the centre of the beam at the closest approach'),
        peak_response: Type.Number({ description: 'Power response at the closest approach, 0 to 1' }),
        in_utc: Type.String({ description: 'First in the beam during the observation' }),
        out_utc: Type.String({ description: 'Last in the beam during the observation' }),
      }),
      {
        description:
          'Calibrators with a known flux density of 1 Jy or more at 20 cm within the half-power beam, the brightest in it first',
      },
    ),
    previous_mjd: orNull(Mjd(), 'The telescope’s observation before; null for its first'),
    next_mjd: orNull(Mjd(), 'The telescope’s observation after; null for its newest'),
  },
  { title: 'Observation' },
);
/** The answer of `/api/pointing/observation`. */
export type ObservationAnswer = Static<typeof Observation>;

export const observationRoute = route({
  path: '/api/pointing/observation',
  name: 'getObservation',
  tag: 'Pointing',
  summary: 'Everything known about one observation',
  description: 'By its file, or by a time during it. 404 where none is stored.',
  query: query({
    mjd: Type.Optional(Type.Number({ minimum: -1e6, maximum: 1e6, description: 'MJD UTC' })),
    path: Type.Optional(Type.String({ maxLength: 4096, description: 'As the ledger has it' })),
  }),
  answer: Observation,
  validity: 'no-cache',
  async respond({ mjd, path }, context) {
    const { reader, subBands } = context;
    if ((mjd === undefined) === (path === undefined)) throw new BadParameter('mjd', 'give mjd or path');
    const time =
      path === undefined
        ? await observationAt(context, mjdUtc(mjd as number))
        : await reader.timeOfFile(path);
    if (time === undefined) throw new NotFound(`no observation of ${path ?? `MJD ${mjd}`} is stored`);
    const stored = await reader.newest({ ...ALWAYS, toMjdUtc: time });
    const [row] = stored?.timestamp === time ? await wholeRows([stored], context) : [];
    if (!row || !Number.isFinite(row.raIcrsDeg))
      throw new NotFound(`the observation of MJD ${time} has no direction`);
    const instruments = await context.instruments.read();
    const { site } = instruments.of(row);
    const place = astrometry().apparentPlaceOfIcrs(row.raIcrsDeg, row.decIcrsDeg, row.timestamp, site);
    const { lDeg, bDeg } = galacticOfIcrs(row.raIcrsDeg, row.decIcrsDeg);
    const telescope = instruments.telescopeOf(row.instrumentId);
    const others = instruments.othersThan(telescope);
    const range = instruments.timesOf(telescope);
    const [previous, next] = await Promise.all([
      reader.newest({ ...range, toMjdUtc: mjdUtc(time - A_MOMENT_DAYS) }, others),
      reader.timestampAfter(mjdUtc(time + A_MOMENT_DAYS), range.toMjdUtc, 0, others),
    ]);
    return {
      ...observationOf(row, instruments),
      path: row.path,
      duration_seconds: row.durationSeconds,
      ha_deg: row.haDeg,
      elevation_deg: place.elevationDeg,
      azimuth_deg: place.azimuthDeg,
      galactic_l_deg: lDeg,
      galactic_b_deg: bDeg,
      sub_bands: await subBands.besides(row.path),
      calibrators: calibratorsSeenBy(row, instruments),
      previous_mjd: previous?.timestamp ?? null,
      next_mjd: next ?? null,
    };
  },
});

function calibratorsSeenBy(row: ObservedRow, instruments: Instruments): ObservationAnswer['calibrators'] {
  const search = new SightingSearches(calibratorsAbove(DEFAULT_MIN_FLUX_JY), { instruments });
  return search
    .in([row])
    .sort((a, b) => brightness(b) - brightness(a))
    .map(({ source, offsetDeg, peakResponse, inMjdUtc, outMjdUtc }) => ({
      ...described(source),
      offset_deg: offsetDeg,
      peak_response: peakResponse,
      in_utc: isoMillisecondsOfMjdUtc(inMjdUtc),
      out_utc: isoMillisecondsOfMjdUtc(outMjdUtc),
    }));
}

type Seen = ReturnType<SightingSearches<ReturnType<typeof calibratorsAbove>[number]>['in']>[number];
const brightness = ({ source, peakResponse }: Seen) => (source.flux20cmJy ?? 0) * peakResponse;
