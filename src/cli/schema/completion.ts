import { command, USAGE } from './common.js';

export const completion = command({
  name: 'completion',
  summary: 'Print a completion script for bash, zsh or fish',
  description: [
    'Prints a completion script; ops/install puts all three where the shells look for them. "calibrators" prints the names of sources that the scripts offer.',
  ],
  positionals: {
    shell: {
      kind: 'choice',
      choices: ['bash', 'zsh', 'fish', 'calibrators'],
      default: 'bash',
      describe: 'Whose script to print',
    },
  },
  flags: {},
  examples: [['completion bash > /etc/bash_completion.d/pointing-monitor', 'for all users of bash']],
  exit: [[0, 'done'], USAGE],
});
