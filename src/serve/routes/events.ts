import { PassThrough } from 'node:stream';
import type { Change } from '../change-feed.js';
import type { ServeContext } from '../context.js';
import { observationOf } from '../observation.js';
import type { App } from '../server.js';

const MAX_LISTENERS = 500;
const HEARTBEAT_MS = 15_000;
/** What a client that does not read may have waiting before it is let go; it connects again by itself. */
const MAX_UNREAD_BYTES = 1 << 20;

const description = `Server-sent events. \`health\` {running, healthy, stale, issues, issue_codes}: at once and at every change.
\`observation\` {timestamp, time_iso, ra_deg, dec_deg, ra_icrs_deg, dec_icrs_deg}: a row newer than all others.
\`changed\` {newest_mjd}: older rows, or the state of files, have changed, or more rows came than are told of one by one.`;

export function eventsRoute(app: App, { changeFeed }: ServeContext): void {
  const open = new Set<PassThrough>();
  app.addHook('preClose', async () => {
    for (const stream of open) stream.end();
  });
  app.get(
    '/api/pointing/events',
    {
      // Its answer would never end.
      exposeHeadRoute: false,
      schema: {
        summary: 'New rows and changes of health, as they come',
        description,
        produces: ['text/event-stream'],
      },
    },
    async (_, reply) => {
      if (open.size >= MAX_LISTENERS) {
        throw Object.assign(new Error(`${MAX_LISTENERS} listeners already: try again later`), {
          statusCode: 503,
        });
      }
      const stream = new PassThrough({ highWaterMark: MAX_UNREAD_BYTES });
      const write = (text: string) => {
        if (!stream.writableEnded && !stream.write(text)) stream.destroy();
      };
      open.add(stream);
      write('retry: 2000\n\n');
      const heartbeat = setInterval(write, HEARTBEAT_MS, ': still here\n\n');
      const leave = await changeFeed.listen((news) => write(textOf(news)));
      const end = () => {
        clearInterval(heartbeat);
        open.delete(stream);
        leave();
      };
      if (stream.destroyed || stream.writableEnded) end();
      else stream.once('close', end);
      return reply
        .type('text/event-stream')
        .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
        .send(stream);
    },
  );
}

function textOf(news: Change): string {
  const data = news.event === 'observation' ? observationOf(news.data) : news.data;
  return `event: ${news.event}\ndata: ${JSON.stringify(data)}\n\n`;
}
