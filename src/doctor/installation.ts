import { earthOrientation } from '../native/astrometry.js';
import { headers } from '../native/headers.js';
import { calibrators } from '../sky/calibrators.js';
import { isoOfMjdUtc, type MjdUtc } from '../units.js';
import { VERSION } from '../version.js';
import { type Check, ok, warning } from './check.js';

const DATE_LENGTH = 10;
const REFRESH_DAYS = 60;
const date = (mjd: MjdUtc) => isoOfMjdUtc(mjd).slice(0, DATE_LENGTH);

/** The program itself and the tables that come with it. */
export function checkInstallation(now: MjdUtc): Check[] {
  const { hdf5, erfa } = headers().versions;
  return [
    ok('program', `pointing-monitor ${VERSION}, Node ${process.versions.node}, HDF5 ${hdf5}, ERFA ${erfa}`),
    checkEarthOrientation(now),
    checkLeapSeconds(now),
    ok('calibrators', `${calibrators.length} sources of the VLA list`),
  ];
}

function checkEarthOrientation(now: MjdUtc): Check {
  const { lastMjdUtc, lastMeasuredMjdUtc } = earthOrientation();
  const what = `measured to ${date(lastMeasuredMjdUtc)}, predicted to ${date(lastMjdUtc)}`;
  const left = Math.floor(lastMjdUtc - now);
  if (left < 0) {
    return warning('IERS table', `${what}: right ascensions may be 13.5 arcsec off; refresh vendor/iers`);
  }
  return left < REFRESH_DAYS
    ? warning('IERS table', `${what}: it ends in ${left} days; refresh vendor/iers`)
    : ok('IERS table', what);
}

function checkLeapSeconds(now: MjdUtc): Check {
  const { leapSecondsExpireMjdUtc: end } = earthOrientation();
  return now > end
    ? warning('leap seconds', `the table ended on ${date(end)}: refresh vendor/iers`)
    : ok('leap seconds', `known to ${date(end)}`);
}
