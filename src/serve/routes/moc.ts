import { Type } from 'typebox';
import { type MocForm, mocKinds } from '../../sky/moc/maker.js';
import { BadParameter, Chosen, query } from '../parameters.js';
import { route } from '../route.js';

const FORMS = { fits: 'application/fits', json: 'application/json; charset=utf-8' } as const;

export const mocRoute = route({
  path: '/api/pointing/moc',
  name: 'getMoc',
  tag: 'Pointing',
  summary: 'The sky seen within the half-power beam, and when, as an IVOA MOC',
  description: `Multi-Order Coverage map (IVOA MOC 2.0). \`space\`: ICRS, HEALPix order 8 for
the beam of the DSA-110. \`time\`: TCB at the barycentre, order 31
(18 minutes, light travel time included). \`space-time\`: time order 28 (2.4 hours) and HEALPix order 6.`,
  query: query({
    ...Chosen,
    dec_deg: Type.Optional(
      Type.Number({
        minimum: -90,
        maximum: 90,
        description: 'Only observations within 0.1 deg of this apparent declination',
      }),
    ),
    kind: Type.Optional(
      Type.Enum([...mocKinds], { default: 'space', description: 'The sky seen, the times, or both' }),
    ),
    format: Type.Optional(
      Type.Enum(Object.keys(FORMS) as MocForm[], { default: 'fits', description: 'fits or json' }),
    ),
  }),
  answer: Type.String({ format: 'binary' }),
  mediaTypes: Object.values(FORMS),
  validity: 'history',
  async respond(
    { dec_deg: nearDecDeg, kind = 'space', format: form = 'fits', ...rows },
    { history, instruments },
    exchange,
  ) {
    const chosen = await instruments.chosen(rows);
    const question = { ...chosen, kind, form, ...(nearDecDeg !== undefined && { nearDecDeg }) };
    const reply = await history.ask('moc', question, exchange);
    if (!('body' in reply))
      throw new BadParameter('start_mjd', 'the map would be too long: choose a shorter span');
    exchange.header('content-type', FORMS[form]);
    if (form === 'fits') exchange.header('content-disposition', 'attachment; filename="pointing.moc.fits"');
    return reply.body;
  },
});
