import { test } from 'node:test';
import { needs } from '../helpers/needs.js';
import { chaos } from '../soak/chaos.js';
import { databaseFaults } from '../soak/database-faults.js';
import { processFaults } from '../soak/process-faults.js';

const SECONDS = 40;

test(
  'chaos: whatever happens around it, the database is what the files say, and so is health',
  needs('faketime'),
  async (t) => {
    const seed = Date.now() % 1_000_000;
    t.diagnostic(`seed ${seed}`);
    await chaos(t, {
      seconds: SECONDS,
      seed,
      faults: [...processFaults, ...databaseFaults],
      pauseMs: 200,
    });
  },
);
