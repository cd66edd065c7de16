#!/bin/sh
# pointing-monitor with the settings of this host; what the caller's own environment says goes before them.
if [ -r /etc/contimg/contimg.env ]; then
  exec /usr/bin/node --env-file=/etc/contimg/contimg.env /opt/pointing-monitor/dist/cli.js "$@"
fi
exec /usr/bin/node /opt/pointing-monitor/dist/cli.js "$@"
