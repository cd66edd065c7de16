import { mjdOfUnix, unixOfMjd } from '../format.js';

/** The server's clock less the browser's, which can be wrong by any amount. */
let aheadSeconds = 0;
const PROMPT_SECONDS = 1;
const browserSeconds = () => Date.now() / 1000;

/** MJD UTC by the server's clock. */
export const nowMjd = () => mjdOfUnix(browserSeconds() + aheadSeconds);

let isKnown = false;

/**
 * Takes in what the server's clock showed when it answered a question that took `tookSeconds`: it was then neither earlier nor later than
 * that. A slow answer, such as one from before the computer slept, says nothing about a clock that agrees with it as far as it goes.
 */
export function setClock(mjd: number, tookSeconds: number): void {
  const ahead = unixOfMjd(mjd) + tookSeconds / 2 - browserSeconds();
  const agrees = Math.abs(ahead - aheadSeconds) <= tookSeconds / 2;
  if (isKnown && agrees && tookSeconds > PROMPT_SECONDS) return;
  aheadSeconds = ahead;
  isKnown = true;
}
