# Completion of pointing-monitor for bash. Made from src/cli/schema.
_pointing_monitor_words() { mapfile -t COMPREPLY < <(compgen -W "$*" -- "$current"); }
_pointing_monitor_directories() {
  compopt -o filenames 2>/dev/null || true
  mapfile -t COMPREPLY < <(compgen -d -- "$current")
}
_pointing_monitor_calibrators() {
  [[ ${_pointing_monitor_names-} ]] || _pointing_monitor_names=$(pointing-monitor completion calibrators 2>/dev/null)
  mapfile -t COMPREPLY < <(compgen -W "$_pointing_monitor_names" -- "$current")
}
_pointing_monitor() {
  local current=${COMP_WORDS[COMP_CWORD]} flags words
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _pointing_monitor_words monitor backfill merge extract status serve verify retry history transits observed crossmatch coverage doctor backup maintenance completion --help --version
    return
  fi
  case ${COMP_WORDS[1]},${COMP_WORDS[COMP_CWORD - 1]} in
  monitor,--status-file) :; return ;;
  monitor,--health-check-interval) :; return ;;
  monitor,--log-level) _pointing_monitor_words DEBUG INFO WARNING ERROR; return ;;
  monitor,--log-format) _pointing_monitor_words words json; return ;;
  monitor,--log-file) :; return ;;
  monitor,--pattern) :; return ;;
  monitor,--reconcile-interval) :; return ;;
  monitor,--give-up-after) :; return ;;
  monitor,--longitude) :; return ;;
  monitor,--latitude) :; return ;;
  monitor,--height) :; return ;;
  monitor,--dish-m) :; return ;;
  monitor,--frequency-mhz) :; return ;;
  monitor,--name) :; return ;;
  monitor,--expect-every) :; return ;;
  monitor,--max-backup-age) :; return ;;
  monitor,*) flags='--status-file --health-check-interval --log-level --log-format --log-file --create --pattern --follow-links --no-events --reconcile-interval --give-up-after --longitude --latitude --height --dish-m --frequency-mhz --name --expect-every --max-backup-age --no-color --help --version'
    words='_pointing_monitor_directories' ;;
  backfill,--start-date) _pointing_monitor_words now today yesterday -1d -1w; return ;;
  backfill,--end-date) _pointing_monitor_words now today yesterday -1d -1w; return ;;
  backfill,--pattern) :; return ;;
  backfill,--reader) _pointing_monitor_words auto direct libhdf5; return ;;
  backfill,--files-at-once) :; return ;;
  backfill,--jump-threshold-deg) :; return ;;
  backfill,--shard) :; return ;;
  backfill,--shards) :; return ;;
  backfill,*) flags='--start-date --end-date --dry-run --force --create --pattern --follow-links --reader --files-at-once --jump-threshold-deg --shard --shards --json --no-color --help --version'
    words='_pointing_monitor_directories' ;;
  merge,*) flags='--create --json --no-color --help --version'
    words=':' ;;
  extract,--reader) _pointing_monitor_words auto direct libhdf5; return ;;
  extract,*) flags='--json --reader --no-color --help --version'
    words=':' ;;
  status,--status-file) :; return ;;
  status,--longitude) :; return ;;
  status,--latitude) :; return ;;
  status,--height) :; return ;;
  status,--dish-m) :; return ;;
  status,--frequency-mhz) :; return ;;
  status,*) flags='--status-file --all --watch --longitude --latitude --height --dish-m --frequency-mhz --json --no-color --help --version'
    words=':' ;;
  serve,--status-file) :; return ;;
  serve,--host) :; return ;;
  serve,--port) :; return ;;
  serve,--allow-host) :; return ;;
  serve,--allow-origin) :; return ;;
  serve,--longitude) :; return ;;
  serve,--latitude) :; return ;;
  serve,--height) :; return ;;
  serve,--dish-m) :; return ;;
  serve,--frequency-mhz) :; return ;;
  serve,--name) :; return ;;
  serve,--log-level) _pointing_monitor_words DEBUG INFO WARNING ERROR; return ;;
  serve,--log-format) _pointing_monitor_words words json; return ;;
  serve,*) flags='--status-file --host --port --allow-host --allow-origin --longitude --latitude --height --dish-m --frequency-mhz --name --log-level --log-format --no-color --help --version'
    words=':' ;;
  verify,--pattern) :; return ;;
  verify,--status-file) :; return ;;
  verify,*) flags='--pattern --follow-links --status-file --paths --json --no-color --help --version'
    words='_pointing_monitor_directories' ;;
  retry,--code) _pointing_monitor_words not_hdf5 truncated locked io_error no_header no_time_array no_declination no_hour_angle bad_type out_of_range unsupported crashed timeout not_stored; return ;;
  retry,--path) :; return ;;
  retry,*) flags='--code --path --json --no-color --help --version'
    words=':' ;;
  history,--from) _pointing_monitor_words now today yesterday -1d -1w; return ;;
  history,--to) _pointing_monitor_words now today yesterday -1d -1w; return ;;
  history,--days-back) :; return ;;
  history,--days-ahead) :; return ;;
  history,--time-interval-hours) :; return ;;
  history,--limit) :; return ;;
  history,--format) _pointing_monitor_words table json csv votable; return ;;
  history,--columns) :; return ;;
  history,--longitude) :; return ;;
  history,--latitude) :; return ;;
  history,--height) :; return ;;
  history,--dish-m) :; return ;;
  history,--frequency-mhz) :; return ;;
  history,--name) :; return ;;
  history,*) flags='--from --to --days-back --days-ahead --time-interval-hours --limit --format --columns --obsplan --longitude --latitude --height --dish-m --frequency-mhz --name --json --no-color --help --version'
    words=':' ;;
  transits,--ra) :; return ;;
  transits,--dec) :; return ;;
  transits,--min-flux-jy) :; return ;;
  transits,--from) _pointing_monitor_words now today yesterday -1d -1w; return ;;
  transits,--to) _pointing_monitor_words now today yesterday -1d -1w; return ;;
  transits,--days-back) :; return ;;
  transits,--days-ahead) :; return ;;
  transits,--at-dec-deg) :; return ;;
  transits,--min-elevation-deg) :; return ;;
  transits,--products-db) :; return ;;
  transits,--longitude) :; return ;;
  transits,--latitude) :; return ;;
  transits,--height) :; return ;;
  transits,--dish-m) :; return ;;
  transits,--frequency-mhz) :; return ;;
  transits,*) flags='--ra --dec --min-flux-jy --from --to --days-back --days-ahead --at-dec-deg --min-elevation-deg --products-db --longitude --latitude --height --dish-m --frequency-mhz --json --no-color --help --version'
    words='_pointing_monitor_calibrators' ;;
  observed,--ra) :; return ;;
  observed,--dec) :; return ;;
  observed,--positions) :; return ;;
  observed,--radius-deg) :; return ;;
  observed,--response) :; return ;;
  observed,--from) _pointing_monitor_words now today yesterday -1d -1w; return ;;
  observed,--to) _pointing_monitor_words now today yesterday -1d -1w; return ;;
  observed,--days-back) :; return ;;
  observed,--days-ahead) :; return ;;
  observed,--products-db) :; return ;;
  observed,--by) _pointing_monitor_words observation day dwell position; return ;;
  observed,--longitude) :; return ;;
  observed,--latitude) :; return ;;
  observed,--height) :; return ;;
  observed,--dish-m) :; return ;;
  observed,--frequency-mhz) :; return ;;
  observed,*) flags='--ra --dec --positions --radius-deg --response --from --to --days-back --days-ahead --products-db --by --longitude --latitude --height --dish-m --frequency-mhz --json --csv --votable --no-color --help --version'
    words='_pointing_monitor_calibrators' ;;
  crossmatch,--ra) :; return ;;
  crossmatch,--dec) :; return ;;
  crossmatch,--min-flux-jy) :; return ;;
  crossmatch,--from) _pointing_monitor_words now today yesterday -1d -1w; return ;;
  crossmatch,--to) _pointing_monitor_words now today yesterday -1d -1w; return ;;
  crossmatch,--days-back) :; return ;;
  crossmatch,--days-ahead) :; return ;;
  crossmatch,--dec-tolerance-deg) :; return ;;
  crossmatch,--time-pad-minutes) :; return ;;
  crossmatch,--products-db) :; return ;;
  crossmatch,--longitude) :; return ;;
  crossmatch,--latitude) :; return ;;
  crossmatch,--height) :; return ;;
  crossmatch,--dish-m) :; return ;;
  crossmatch,--frequency-mhz) :; return ;;
  crossmatch,*) flags='--ra --dec --min-flux-jy --from --to --days-back --days-ahead --dec-tolerance-deg --time-pad-minutes --products-db --missed --store --longitude --latitude --height --dish-m --frequency-mhz --json --no-color --help --version'
    words='_pointing_monitor_calibrators' ;;
  coverage,--from) _pointing_monitor_words now today yesterday -1d -1w; return ;;
  coverage,--to) _pointing_monitor_words now today yesterday -1d -1w; return ;;
  coverage,--days-back) :; return ;;
  coverage,--days-ahead) :; return ;;
  coverage,--dec-bin-deg) :; return ;;
  coverage,--ra-bin-deg) :; return ;;
  coverage,--gap-minutes) :; return ;;
  coverage,--jump-threshold-deg) :; return ;;
  coverage,--csv) _pointing_monitor_words bands dwells gaps; return ;;
  coverage,--svg) :; return ;;
  coverage,--moc) :; return ;;
  coverage,--moc-kind) _pointing_monitor_words space time space-time; return ;;
  coverage,--instrument) :; return ;;
  coverage,--longitude) :; return ;;
  coverage,--latitude) :; return ;;
  coverage,--height) :; return ;;
  coverage,--dish-m) :; return ;;
  coverage,--frequency-mhz) :; return ;;
  coverage,--name) :; return ;;
  coverage,*) flags='--from --to --days-back --days-ahead --dec-bin-deg --ra-bin-deg --gap-minutes --jump-threshold-deg --csv --svg --moc --moc-kind --instrument --longitude --latitude --height --dish-m --frequency-mhz --name --json --no-color --help --version'
    words=':' ;;
  doctor,--pattern) :; return ;;
  doctor,--backup) :; return ;;
  doctor,*) flags='--pattern --repair --backup --json --no-color --help --version'
    words='_pointing_monitor_directories' ;;
  backup,--keep) :; return ;;
  backup,--status-file) :; return ;;
  backup,*) flags='--keep --overwrite --status-file --json --no-color --help --version'
    words=':' ;;
  maintenance,--until) _pointing_monitor_words now today yesterday -1d -1w; return ;;
  maintenance,--reason) :; return ;;
  maintenance,--status-file) :; return ;;
  maintenance,*) flags='--until --reason --end --status-file --json --no-color --help --version'
    words=':' ;;
  completion,*) flags='--no-color --help --version'
    words='_pointing_monitor_words bash zsh fish calibrators' ;;
  *) return ;;
  esac
  if [[ $current == -* ]]; then _pointing_monitor_words $flags; else $words; fi
}
complete -o bashdefault -o default -F _pointing_monitor pointing-monitor
