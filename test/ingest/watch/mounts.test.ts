import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMounts } from '#src/ingest/watch/mounts.js';

const TABLE = `22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 22 0:27 / /data/incoming rw,relatime shared:2 - tmpfs tmpfs rw
31 30 0:28 / /data/incoming/node\\0401 rw,relatime - nfs4 server:/x rw
32 31 0:29 / /data/incoming/node\\0401/deep rw - tmpfs tmpfs rw
33 22 0:30 / /data/incoming2 rw - tmpfs tmpfs rw
`;

test('the mounts at, above and below a directory are told apart from its neighbours', () => {
  assert.deepEqual(parseMounts(TABLE, '/data/incoming'), {
    fingerprint: '22 30 31 32',
    below: ['/data/incoming/node 1', '/data/incoming/node 1/deep'],
  });
  assert.deepEqual(parseMounts(TABLE, '/data/incoming2').below, []);
  assert.deepEqual(parseMounts(TABLE, '/').below.length, 4);
});

test('a mount that is made again has another fingerprint', () => {
  const again = TABLE.replace('30 22 0:27', '41 22 0:27');
  assert.notEqual(
    parseMounts(again, '/data/incoming').fingerprint,
    parseMounts(TABLE, '/data/incoming').fingerprint,
  );
});
