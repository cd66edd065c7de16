import { extractPointings, isoOfMjdUtc, mjdUtc, mjdUtcOfDate, openHistory, transits } from 'pointing-monitor';

/** Where the telescope pointed in each of these files. */
export async function printPointings(paths: string[]) {
  for (const { path, pointing, error } of await extractPointings(paths)) {
    if (error) console.log(`${path}: ${error.code}: ${error.message}`);
    else console.log(`${path}: ICRS ${pointing.raIcrsDeg.toFixed(4)} ${pointing.decIcrsDeg.toFixed(4)} deg`);
  }
}

/** Which file was being observed at a time. */
export async function fileAt(productsDb: string, time: Date) {
  await using history = await openHistory(productsDb);
  const found = await history.nearest(mjdUtcOfDate(time), 155);
  return found?.path;
}

/** When a calibrator crosses the meridian in the coming days. */
export function nextTransits(name: string, days: number, now = mjdUtcOfDate(new Date())) {
  const range = { fromMjdUtc: now, toMjdUtc: mjdUtc(now + days) };
  return transits(name, range).map((transit) => isoOfMjdUtc(transit.mjdUtc));
}
