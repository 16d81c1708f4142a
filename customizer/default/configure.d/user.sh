#!/bin/bash
# Lets one more ssh key log in: appends it to the authorized_keys of the login account. Runs as root when a node starts.
# $1 event (configure), $2 role (master or slave), $3 name of the cluster
set -eu

# The login account, such as alice, and its public key, such as "ssh-ed25519 AAAA... alice@laptop". Nothing is done without both.
user=""
key=""

# /home is the same on all nodes: once is enough.
[ "$1" = configure ] && [ "$2" = master ] || exit 0
[ -n "$user" ] && [ -n "$key" ] || exit 0

group=$(id -gn "$user")
home=$(getent passwd "$user" | cut -d: -f6)
install -d -o "$user" -g "$group" -m 0700 "$home/.ssh"
keys=$home/.ssh/authorized_keys
grep -qsxF "$key" "$keys" || echo "$key" >>"$keys"
chown "$user:$group" "$keys"
chmod 0600 "$keys"
