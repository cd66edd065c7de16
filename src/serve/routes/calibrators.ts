import { Type } from 'typebox';
import { BEAM_FWHM_DEG } from '../../sky/beam.js';
import { calibratorsAbove } from '../../sky/calibrators.js';
import { transitsOfAll } from '../../sky/transits.js';
import { isoOfMjdUtc, mjdUtc, mjdUtcOfUnix, unixSeconds } from '../../units.js';
import type { ServeContext } from '../context.js';
import type { App } from '../server.js';

const BEAM_RADIUS_DEG = BEAM_FWHM_DEG / 2;
/** Apparent and ICRS declinations differ by less. */
const PRECESSION_MARGIN_DEG = 1;

const flux = (description: string) =>
  Type.Optional(Type.Number({ minimum: 0, maximum: 1e6, default: 1, description }));
const Name = Type.String({ description: 'Of the VLA calibrator list, J2000' });
const AltName = Type.String({ description: 'Another name, `3C286`; may be empty' });
const Flux = Type.Union([Type.Number(), Type.Null()], { description: 'Flux density at 1.4 GHz, Jy' });

export const CalibratorsSchema = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        name: Name,
        alt_name: AltName,
        ra_icrs_deg: Type.Number(),
        dec_icrs_deg: Type.Number(),
        flux_20cm_jy: Flux,
      }),
    ),
  },
  { title: 'Calibrators' },
);

export const TransitsSchema = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        name: Name,
        alt_name: AltName,
        flux_20cm_jy: Flux,
        mjd: Type.Number({ description: 'Upper transit at the telescope, MJD UTC' }),
        time_iso: Type.String(),
        dec_deg: Type.Number({ description: 'Apparent declination at transit' }),
        offset_deg: Type.Number({ description: 'The same minus the telescope’s declination' }),
        elevation_deg: Type.Number({ description: 'Without refraction' }),
      }),
    ),
  },
  { title: 'Transits', description: 'Soonest first; none while nothing is stored' },
);

export function calibratorRoutes(app: App, { reader }: ServeContext): void {
  app.get(
    '/api/pointing/calibrators',
    {
      schema: {
        summary: 'Calibrators of the VLA list',
        querystring: Type.Object({ min_flux_jy: flux('The faintest') }, { additionalProperties: false }),
        response: { 200: CalibratorsSchema },
      },
    },
    async ({ query }, reply) => {
      reply.header('cache-control', 'public, max-age=3600');
      return {
        items: calibratorsAbove(query.min_flux_jy ?? 1).map((each) => ({
          name: each.name,
          alt_name: each.altName,
          ra_icrs_deg: each.raIcrsDeg,
          dec_icrs_deg: each.decIcrsDeg,
          flux_20cm_jy: each.flux20cmJy,
        })),
      };
    },
  );

  app.get(
    '/api/pointing/transits',
    {
      schema: {
        summary: 'Calibrators that will pass through the beam if the telescope stays at its declination',
        querystring: Type.Object(
          {
            min_flux_jy: flux('The faintest'),
            hours: Type.Optional(
              Type.Number({
                exclusiveMinimum: 0,
                maximum: 168,
                default: 24,
                description: 'How far to look ahead',
              }),
            ),
            radius_deg: Type.Optional(
              Type.Number({
                exclusiveMinimum: 0,
                maximum: 10,
                default: BEAM_RADIUS_DEG,
                description: 'How far from the telescope’s declination',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: { 200: TransitsSchema },
      },
    },
    async ({ query }, reply) => {
      reply.header('cache-control', 'no-cache');
      const { min_flux_jy: leastJy = 1, hours = 24, radius_deg: radiusDeg = BEAM_RADIUS_DEG } = query;
      const newest = await reader.newest();
      if (!newest) return { items: [] };
      const near = calibratorsAbove(leastJy).filter(
        ({ decIcrsDeg }) => Math.abs(decIcrsDeg - newest.dec_deg) < radiusDeg + PRECESSION_MARGIN_DEG,
      );
      const now = mjdUtcOfUnix(unixSeconds(Date.now() / 1000));
      const items = transitsOfAll(near, now, mjdUtc(now + hours / 24))
        .map(({ source, mjdUtc: mjd, decDeg, elevationDeg }) => ({
          name: source.name,
          alt_name: source.altName,
          flux_20cm_jy: source.flux20cmJy,
          mjd,
          time_iso: isoOfMjdUtc(mjd),
          dec_deg: decDeg,
          offset_deg: decDeg - newest.dec_deg,
          elevation_deg: elevationDeg,
        }))
        .filter(({ offset_deg }) => Math.abs(offset_deg) <= radiusDeg);
      return { items };
    },
  );
}
