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
fields = votable.get_first_table().fields
print(json.dumps({"names": table.colnames, "rows": len(table), "last": [str(each) for each in table[1]],
  "units": [str(table[name].unit) for name in table.colnames],
  "xtypes": {field.name: field.xtype for field in fields if field.xtype},
  "refs": {field.name: field.ref for field in fields if field.ref},
  "coosys": {each.ID: each.system for each in votable.iter_coosys()},
  "timesys": {each.ID: [each.timescale, each.timeorigin, each.refposition] for each in votable.iter_timesys()}}))
`;

const ICRS = { icrs: 'ICRS' };
const MJD_UTC = { utc: ['UTC', 'MJD-origin', 'TOPOCENTER'] };
/** A time with a year has no origin. */
const CALENDAR_UTC = { utc_calendar: ['UTC', null, 'TOPOCENTER'] };
const OBSERVATION = {
  refs: { s_ra: 'icrs', s_dec: 'icrs', t_min: 'utc', t_max: 'utc' },
  xtypes: { s_region: 'adql:REGION' },
  systems: { coosys: ICRS, timesys: MJD_UTC },
};

/** Apparent positions refer to no system that VOTable knows. */
const tables = {
  historyColumns: {
    columns: historyColumns(),
    refs: { timestamp: 'utc', time_utc: 'utc_calendar', ra_icrs_deg: 'icrs', dec_icrs_deg: 'icrs' },
    xtypes: { time_utc: 'timestamp' },
    systems: { coosys: ICRS, timesys: { ...MJD_UTC, ...CALENDAR_UTC } },
  },
  obsCoreColumns: { columns: obsCoreColumns(unknownInstruments), ...OBSERVATION },
  obsPlanColumns: {
    columns: obsPlanColumns(unknownInstruments),
    ...OBSERVATION,
    refs: { ...OBSERVATION.refs, t_planning: 'utc' },
  },
};

for (const [name, { columns, refs, xtypes, systems }] of Object.entries(tables)) {
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
      assert.deepEqual(read.xtypes, xtypes);
      assert.deepEqual(read.refs, refs);
      assert.deepEqual({ coosys: read.coosys, timesys: read.timesys }, systems);
    },
  );
}
