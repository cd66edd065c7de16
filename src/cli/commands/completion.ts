import { bashCompletion, fishCompletion, zshCompletion } from '../describe/completion.js';
import { printRaw } from '../output.js';
import type { completion as schema } from '../schema/completion.js';
import type { Arguments } from '../schema/types.js';

export async function completion({ shell }: Arguments<typeof schema>): Promise<void> {
  await printRaw(await script(shell));
}

async function script(shell: Arguments<typeof schema>['shell']): Promise<string> {
  switch (shell) {
    case 'bash':
      return bashCompletion();
    case 'zsh':
      return zshCompletion();
    case 'fish':
      return fishCompletion();
    case 'calibrators': {
      const { allCalibrators, namesOf } = await import('../../sky/calibrators.js');
      return `${[...new Set(allCalibrators().flatMap(namesOf))].join('\n')}\n`;
    }
  }
}
