import { Type } from 'typebox';
import type { Change } from '../change-feed.js';
import { EventData } from '../event-data.js';
import { Mailbox } from '../mailbox.js';
import { route } from '../route.js';

const HEARTBEAT_MS = 15_000;
/** An event and no comment: scripts in a browser do not see those. */
const ALIVE = 'event: alive\ndata: {}\n\n';

const description = `Server-sent events. The schema lists the data by event name. \`health\`: on connection and at every change.
\`observation\`: a new newest row. \`changed\`: older rows or the state of files have changed, or more rows came
than are reported one by one. \`alive\`: every ${HEARTBEAT_MS / 1000} s.`;

export const eventsRoute = route({
  path: '/api/pointing/events',
  name: 'followEvents',
  tag: 'Pointing',
  summary: 'New rows and changes of health, as they happen',
  description,
  // Clients add what they like.
  query: Type.Object({}),
  answer: EventData,
  mediaTypes: ['text/event-stream'],
  endless: true,
  validity: 'no-store',
  async respond(_, { changeFeed }, exchange) {
    exchange.header('x-accel-buffering', 'no');
    const mailbox = new Mailbox();
    mailbox.put('retry: 2000\n\n');
    const heartbeat = setInterval(() => mailbox.put(ALIVE), HEARTBEAT_MS);
    const { begun, leave } = changeFeed.listen((change) => mailbox.put(textOf(change)));
    mailbox.onEnd(() => {
      clearInterval(heartbeat);
      leave();
    });
    // Nobody reads the mailbox, and so ends it, before the answer has begun.
    exchange.onLeave(() => mailbox.return());
    await begun;
    return mailbox;
  },
});

function textOf(change: Change): string {
  return `event: ${change.event}\ndata: ${JSON.stringify(change.data)}\n\n`;
}
