import { type Static, Type } from 'typebox';
import { type Calibrator, calibratorsAbove } from '../../sky/calibrators.js';
import { query } from '../parameters.js';
import { Angle, orNull } from '../quantities.js';
import { route } from '../route.js';

/** What names a calibrator, wherever one is answered. */
export const calibratorProperties = {
  name: Type.String({ description: 'J2000 name in the VLA calibrator list' }),
  alt_name: Type.String({ description: 'Another name, `3C286`; can be empty' }),
  flux_20cm_jy: orNull(Type.Number(), 'Flux density at 1.4 GHz, Jy; null where the list has none'),
};
export const described = ({ name, altName, flux20cmJy }: Calibrator) => ({
  name,
  alt_name: altName,
  flux_20cm_jy: flux20cmJy,
});

export const DEFAULT_MIN_FLUX_JY = 1;
export const MinFlux = Type.Optional(
  Type.Number({ minimum: 0, maximum: 1e6, default: DEFAULT_MIN_FLUX_JY, description: 'The faintest' }),
);

const Calibrators = Type.Object(
  {
    items: Type.Array(Type.Object({ ...calibratorProperties, ra_icrs_deg: Angle(), dec_icrs_deg: Angle() })),
  },
  { title: 'Calibrators' },
);
/** The answer of `/api/pointing/calibrators`. */
export type CalibratorsAnswer = Static<typeof Calibrators>;

export const calibratorsRoute = route({
  path: '/api/pointing/calibrators',
  name: 'listCalibrators',
  tag: 'Pointing',
  summary: 'Calibrators in the VLA list',
  query: query({ min_flux_jy: MinFlux }),
  answer: Calibrators,
  validity: 'public, max-age=3600',
  respond: ({ min_flux_jy = DEFAULT_MIN_FLUX_JY }) => ({
    items: calibratorsAbove(min_flux_jy).map((each) => ({
      ...described(each),
      ra_icrs_deg: each.raIcrsDeg,
      dec_icrs_deg: each.decIcrsDeg,
    })),
  }),
});
