#!/bin/sh
# Runs pointing-monitor with this host's settings; the caller's environment overrides them.
if [ -r /etc/contimg/contimg.env ]; then
  exec /usr/bin/node --env-file=/etc/contimg/contimg.env /opt/pointing-monitor/dist/cli.js "$@"
fi
exec /usr/bin/node /opt/pointing-monitor/dist/cli.js "$@"
