import { mjdOfUnix, unixOfMjd } from '../format.js';

/** The server's clock less the browser's, which can be wrong by any amount. */
let aheadSeconds = 0;
const browserSeconds = () => Date.now() / 1000;

/** MJD UTC by the server's clock. */
export const nowMjd = () => mjdOfUnix(browserSeconds() + aheadSeconds);

/** Takes in what the server's clock shows now. */
export function setClock(mjd: number): void {
  aheadSeconds = unixOfMjd(mjd) - browserSeconds();
}
