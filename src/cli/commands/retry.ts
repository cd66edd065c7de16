import { resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { type ErrorCode, errorCodes } from '../../errors.js';
import { openExistingStore } from '../../store/open.js';
import { productsDbOption } from '../common-options.js';
import { type Environment, requireProductsDb } from '../config.js';

interface Arguments {
  products_db: string | undefined;
  code: ErrorCode | undefined;
  path: string[] | undefined;
}

export function retryCommand(environment: Environment): CommandModule<object, Arguments> {
  return {
    command: 'retry [products_db]',
    describe: 'Have failed files read again at the next scan of the monitor, or by the next backfill',
    builder: (args) =>
      args
        .positional('products_db', productsDbOption)
        .option('code', { choices: errorCodes, describe: 'Only files that failed with this code' })
        .option('path', {
          type: 'string',
          array: true,
          describe: 'Only these files, or files below these directories',
        })
        .example('$0 retry --code crashed', 'after an update of the reader, say')
        .epilogue(
          'The files themselves are read later, by the monitor or a backfill.\n\nExit: 0 done, 2 bad usage.',
        ),
    handler: async ({ products_db, code, path }) => {
      const store = await openExistingStore(requireProductsDb(products_db, environment), environment);
      try {
        let forgotten = 0;
        for (const under of path?.map((each) => resolve(each)) ?? [undefined]) {
          forgotten += await store.forget({ ...(code && { code }), ...(under && { under }) });
        }
        process.stdout.write(`${forgotten} failed files will be read again\n`);
      } finally {
        await store.close();
      }
    },
  };
}
