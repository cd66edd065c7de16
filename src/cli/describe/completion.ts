/** Completion scripts, made from the schema: static, so that a key press starts no program; calibrators' names are asked for once. */
import { commands } from '../schema/commands.js';
import type { Command, Flag, Positional } from '../schema/types.js';

const GLOBAL = ['--no-color', '--help', '--version'];
const CALIBRATORS = 'pointing-monitor completion calibrators';
const TIMES = ['now', 'today', 'yesterday', '-1d', '-1w'];

type Completes = { readonly words: readonly string[] } | 'file' | 'directory' | 'calibrator' | undefined;

function completes(value: Flag | Positional): Completes {
  switch (value.kind) {
    case 'choice':
      return { words: value.choices };
    case 'time':
      return { words: TIMES };
    case 'text':
      return value.completes === 'database' ? 'file' : value.completes;
    default:
      return undefined;
  }
}

const spelling = (name: string, flag: Flag) =>
  flag.kind === 'switch' && flag.default ? `--no-${name}` : `--${name}`;
const flagsOf = (command: Command) => Object.entries(command.flags);
const takesValue = ([, flag]: readonly [string, Flag]) => flag.kind !== 'switch';

export function bashCompletion(): string {
  const action = (what: Completes) => {
    // Without an answer bash itself completes the names of files.
    if (what === undefined || what === 'file') return ':';
    if (what === 'directory') return '_pointing_monitor_directories';
    if (what === 'calibrator') return '_pointing_monitor_calibrators';
    return `_pointing_monitor_words ${what.words.join(' ')}`;
  };
  const cases = commands.flatMap((command: Command) => {
    const { name, positionals } = command;
    const [first] = Object.values(positionals);
    const values = flagsOf(command).filter(takesValue);
    return [
      ...values.map(([flag, each]) => `  ${name},--${flag}) ${action(completes(each))}; return ;;`),
      `  ${name},*) flags='${[...flagsOf(command).map(([each, flag]) => spelling(each, flag)), ...GLOBAL].join(' ')}'`,
      `    words='${first ? action(completes(first)) : ':'}' ;;`,
    ];
  });
  return `# Completion of pointing-monitor for bash. Made from src/cli/schema.
_pointing_monitor_words() { mapfile -t COMPREPLY < <(compgen -W "$*" -- "$current"); }
_pointing_monitor_directories() {
  compopt -o filenames 2>/dev/null || true
  mapfile -t COMPREPLY < <(compgen -d -- "$current")
}
_pointing_monitor_calibrators() {
  [[ \${_pointing_monitor_names-} ]] || _pointing_monitor_names=$(${CALIBRATORS} 2>/dev/null)
  mapfile -t COMPREPLY < <(compgen -W "$_pointing_monitor_names" -- "$current")
}
_pointing_monitor() {
  local current=\${COMP_WORDS[COMP_CWORD]} flags words
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _pointing_monitor_words ${[...commands.map(({ name }) => name), '--help', '--version'].join(' ')}
    return
  fi
  case \${COMP_WORDS[1]},\${COMP_WORDS[COMP_CWORD - 1]} in
${cases.join('\n')}
  *) return ;;
  esac
  if [[ $current == -* ]]; then _pointing_monitor_words $flags; else $words; fi
}
complete -o bashdefault -o default -F _pointing_monitor pointing-monitor
`;
}

export function zshCompletion(): string {
  const quoted = (text: string) => text.replaceAll(/[[\]:\\]/g, '\\$&').replaceAll("'", "'\\''");
  const action = (what: Completes) => {
    if (what === undefined) return ' ';
    if (what === 'file') return '_files';
    if (what === 'directory') return '_files -/';
    if (what === 'calibrator') return '_pointing_monitor_calibrators';
    return `(${what.words.join(' ')})`;
  };
  const cases = commands.flatMap((command: Command) => [
    `    ${command.name}) _arguments -s \\`,
    ...flagsOf(command).map(([name, flag]) => {
      const again = flag.many ? '*' : '';
      const value = flag.kind === 'switch' ? '' : `:${name}:${action(completes(flag))}`;
      return `      '${again}${spelling(name, flag)}[${quoted(flag.describe)}]${value}' \\`;
    }),
    ...Object.entries(command.positionals).map(
      ([name, each]: [string, Positional], i) =>
        `      '${each.many ? '*' : i + 1}:${name}:${action(completes(each))}' \\`,
    ),
    `      '--no-color[No colours]' '(- *)'{-h,--help}'[Show help]' ;;`,
  ]);
  return `#compdef pointing-monitor
# Completion of pointing-monitor for zsh. Made from src/cli/schema.
_pointing_monitor_calibrators() {
  (( \${+_pointing_monitor_names} )) || typeset -ga _pointing_monitor_names=(\${(f)"$(${CALIBRATORS} 2>/dev/null)"})
  compadd -a _pointing_monitor_names
}
_pointing_monitor() {
  local -a commands=(
${commands.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${cases.join('\n')}
  esac
}
_pointing_monitor "$@"
`;
}

export function fishCompletion(): string {
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const action = (what: Completes) => {
    if (what === undefined) return ' -x';
    if (what === 'file') return ' -r -F';
    if (what === 'directory') return ` -x -a '(__fish_complete_directories)'`;
    if (what === 'calibrator') return ` -x -a '(__pointing_monitor_calibrators)'`;
    return ` -x -a ${quoted(what.words.join(' '))}`;
  };
  const lines = commands.flatMap((command: Command) => {
    const when = `complete -c pointing-monitor -n '__fish_seen_subcommand_from ${command.name}'`;
    const [first] = Object.values(command.positionals);
    return [
      `complete -c pointing-monitor -n __fish_use_subcommand -f -a ${command.name} -d ${quoted(command.summary)}`,
      ...flagsOf(command).map(
        ([name, flag]) =>
          `${when} -l ${spelling(name, flag).slice(2)}${flag.kind === 'switch' ? '' : action(completes(flag))} -d ${quoted(flag.describe)}`,
      ),
      ...(first ? [`${when}${action(completes(first)).replace(' -r', '').replace(' -x', ' -f')}`] : []),
    ];
  });
  return `# Completion of pointing-monitor for fish. Made from src/cli/schema.
function __pointing_monitor_calibrators
    set -q __pointing_monitor_names; or set -g __pointing_monitor_names (${CALIBRATORS} 2>/dev/null)
    printf '%s\\n' $__pointing_monitor_names
end
${lines.join('\n')}
complete -c pointing-monitor -s h -l help -d 'Show help'
complete -c pointing-monitor -l no-color -d 'No colours'
`;
}
