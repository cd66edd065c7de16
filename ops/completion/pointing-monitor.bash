# Completes commands and options as the program lists them, and file names otherwise.
_pointing_monitor() {
  local words
  mapfile -t words < <(pointing-monitor --get-yargs-completions "${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)
  mapfile -t COMPREPLY < <(compgen -W "${words[*]}" -- "${COMP_WORDS[COMP_CWORD]}")
}
complete -o bashdefault -o default -F _pointing_monitor pointing-monitor
