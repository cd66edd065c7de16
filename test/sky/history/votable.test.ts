import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { historyColumns } from '#src/sky/history/columns.js';
import { obsCoreColumns, obsPlanColumns } from '#src/sky/obscore.js';
import { filledIn } from '#src/sky/observed.js';
import { votable } from '#src/sky/table/votable.js';
import { needs } from '../../helpers/needs.js';
import { madeObservation } from '../../helpers/observations.js';
import { unknownInstruments } from '../../helpers/sky.js';
import { votlint } from '../../helpers/votlint.js';
import { workspace } from '../../helpers/workspace.js';

const rows = filledIn([
  madeObservation({ mjd: 60949, decDeg: 54.57 }),
  madeObservation({ mjd: 60949.5, decDeg: -3.1, haDeg: -1.75, path: '/in/<a> & "b"\u0001é.hdf5' }),
  { ...madeObservation({ mjd: 60950, decDeg: 16.24 }), path: null },
]);

const READ = `
import json, sys
from astropy.io.votable import parse
votable = parse(sys.argv[1], verify="exception")
table = votable.get_first_table().to_table()
print(json.dumps({"names": table.colnames, "rows": len(table), "last": [str(each) for each in table[1]],
  "units": [str(table[name].unit) for name in table.colnames]}))
`;

for (const [name, columns] of Object.entries({
  historyColumns: historyColumns(),
  obsCoreColumns: obsCoreColumns(unknownInstruments),
  obsPlanColumns: obsPlanColumns(unknownInstruments),
})) {
  test(
    `${name}: stilts finds no fault, astropy's strictest reading none either, and reads the values`,
    needs('stilts', 'astropy'),
    async (t) => {
      const file = join(workspace(t).path, 'table.vot');
      let document = '';
      for await (const part of votable({ name: 'pointing', description: 'a & b' }, columns, [rows]))
        document += part;
      writeFileSync(file, document);
      assert.deepEqual(await votlint(file), []);
      const read = JSON.parse(execFileSync('/usr/bin/python3', ['-c', READ, file], { encoding: 'utf8' }));
      assert.deepEqual(
        read.names,
        columns.map((column) => column.name),
      );
      assert.equal(read.rows, 3);
      for (const [i, { value, type, unit }] of columns.entries()) {
        const expected = value(rows[1] as (typeof rows)[number]);
        if (type === 'text' && expected !== null) {
          // A control character cannot stand in XML.
          assert.equal(read.last[i], String(expected).replace('\u0001', '\ufffd'), columns[i]?.name);
        } else if (expected !== null) assert.equal(Number(read.last[i]), expected, columns[i]?.name);
        if (unit) assert.equal(read.units[i], unit);
      }
    },
  );
}
