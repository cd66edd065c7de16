#!/bin/sh
# Runs a command as root on what looks like a host of its own: what it writes into the system's directories is gone with it.
# /mnt is empty, for the site's data. Needs "unshare --mount" around it.
set -e
mount -t tmpfs tmpfs /mnt
for directory in etc opt usr/local var/lib; do
  mkdir -p "/mnt/.host/$directory/upper" "/mnt/.host/$directory/work"
  mount -t overlay overlay "/$directory" \
    -o "lowerdir=/$directory,upperdir=/mnt/.host/$directory/upper,workdir=/mnt/.host/$directory/work"
done
# Its service manager is not this host's.
if [ -d /run/systemd ]; then mount -t tmpfs tmpfs /run/systemd; fi
exec "$@"
