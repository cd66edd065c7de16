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
      const { allSourceNames } = await import('../../sky/named-sources.js');
      // A shell ends a word at a space, which does not count in a name.
      return allSourceNames()
        .map((name) => `${name.replaceAll(' ', '')}\n`)
        .join('');
    }
  }
}
