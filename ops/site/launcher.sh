#!/bin/sh
# Runs pointing-monitor with this host's settings; the caller's environment overrides them.
# As the units do, note here which databases have rows.
if [ -w /var/lib/pointing-monitor ]; then
  export STATE_DIRECTORY="${STATE_DIRECTORY:-/var/lib/pointing-monitor}"
fi
settings=/etc/contimg/contimg.env
if [ -r "$settings" ]; then
  # Where the password file is the service's alone, others have their own.
  passwords=$(sed -n "s/^PGPASSFILE=[\"']\{0,1\}\([^\"']*\).*/\1/p" "$settings" | tail -n 1)
  if [ -e "$passwords" ] && [ ! -r "$passwords" ]; then
    export PGPASSFILE="${PGPASSFILE-${HOME-}/.pgpass}"
  fi
  exec /usr/bin/node --env-file="$settings" /opt/pointing-monitor/dist/bundle/pointing-monitor.js "$@"
fi
if [ -e "$settings" ]; then
  echo "pointing-monitor: note: you cannot read $settings, so this host's settings do not apply: join the group contimg" >&2
fi
exec /usr/bin/node /opt/pointing-monitor/dist/bundle/pointing-monitor.js "$@"
