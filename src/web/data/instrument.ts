import type { LatestAnswer } from 'pointing-monitor/types';

const BY_DSA110_SECONDS = 24 * 12.884901888;
/** Of most observations, once the server has told; until then the DSA-110's. */
export let OBSERVATION_SECONDS = BY_DSA110_SECONDS;
/** Of the newest observation. */
export let NEWEST_SECONDS = BY_DSA110_SECONDS;
/** From one observation to the next. */
export let CADENCE_SECONDS = 309;
/** Half power. */
export let BEAM_RADIUS_DEG = 2.715 / 2;

/** The telescope on show, of a history of several. */
export let TELESCOPE: string | undefined;

const listeners: (() => void)[] = [];

/** Calls back whenever another telescope is chosen. */
export const onTelescopeChange = (listener: () => void) => listeners.push(listener);

export function chooseTelescope(name: string | undefined): void {
  if (name === TELESCOPE) return;
  TELESCOPE = name;
  for (const listener of listeners) listener();
}

/** Grows when what was computed with the length of an observation, the interval or the beam has to be computed again. */
export let INSTRUMENT_REVISION = 0;

export function knowInstrument(instrument: LatestAnswer['instrument']): void {
  // The interval is measured, so that it is never twice exactly the same.
  const measures = () => [OBSERVATION_SECONDS, Math.round(CADENCE_SECONDS), BEAM_RADIUS_DEG].join();
  const before = measures();
  OBSERVATION_SECONDS = instrument.typical_observation_seconds;
  NEWEST_SECONDS = instrument.observation_seconds;
  CADENCE_SECONDS = instrument.cadence_seconds ?? OBSERVATION_SECONDS;
  BEAM_RADIUS_DEG = instrument.beam_fwhm_deg / 2;
  if (measures() !== before) INSTRUMENT_REVISION++;
}
