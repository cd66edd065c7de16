/** Behind a proxy that gives the server a path of its own, and takes it off. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { fillHistory, rowsFrom, serverOf } from '../helpers/server.js';
import { workspace } from '../helpers/workspace.js';

const PATH = '/telescope/pointing';

/** Where clients reach a server with these rows, with a slash at the end. */
async function belowPath(t: TestContext, rows: ReturnType<typeof rowsFrom>): Promise<string> {
  const place = workspace(t);
  fillHistory(place.productsDb, rows);
  const app = await serverOf(t, place);
  const upstream = await app.listen({ host: '127.0.0.1', port: 0 });
  const proxy = createServer(({ url = '', method, headers }, reply) => {
    if (!url.startsWith(`${PATH}/`)) return void reply.writeHead(404).end();
    const forwarded = { ...headers, 'x-forwarded-prefix': PATH };
    request(`${upstream}${url.slice(PATH.length)}`, { method, headers: forwarded }, (answer) => {
      reply.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(reply);
    }).end();
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => proxy.close().closeAllConnections());
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${PATH}/`;
}

test('links to the rest lead to the end', async (t) => {
  const rows = rowsFrom(60_000, 10, 54.57);
  const seen: unknown[] = [];
  let url: string | undefined = `${await belowPath(t, rows)}api/pointing_history?limit=3`;
  while (url !== undefined) {
    const answer: Response = await fetch(url);
    assert.equal(answer.status, 200, url);
    seen.push(...(await answer.json()).items);
    const [, link] = /^<(.*)>; rel="next"$/.exec(answer.headers.get('link') ?? '') ?? [];
    url = link === undefined ? undefined : new URL(link, url).href;
  }
  assert.deepEqual(seen, rows);
});

test('the page of the API loads its scripts, and asks this server', async (t) => {
  const url = await belowPath(t, rowsFrom(60_000, 1, 54.57));
  for (const start of ['api', 'api?any', 'api/']) {
    const page = await fetch(`${url}${start}`);
    const scripts = [...(await page.text()).matchAll(/<script src="([^"]+)"/g)];
    assert.equal(scripts.length, 3);
    for (const [, script = ''] of scripts) {
      const { status, headers } = await fetch(new URL(script, page.url));
      assert.deepEqual([status, headers.get('content-type')?.includes('javascript')], [200, true], script);
    }
  }
  for (const description of ['api/json', 'openapi.json']) {
    const { servers } = await (await fetch(`${url}${description}`)).json();
    const server = new URL(servers[0].url, `${url}${description}`).href;
    assert.equal(server, url, description);
  }
});

test('the Virtual Observatory is told where the services are', async (t) => {
  const url = await belowPath(t, []);
  const capabilities = await (await fetch(`${url}vo/capabilities`)).text();
  const addresses = [...capabilities.matchAll(/<accessURL[^>]*>([^<]+)</g)].map(([, address]) => address);
  assert.deepEqual(
    addresses,
    ['capabilities', 'availability', 'cone?'].map((each) => `${url}vo/${each}`),
  );
});
