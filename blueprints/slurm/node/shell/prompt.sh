# shellcheck shell=bash
# The prompt names the cluster, for every login host is called "login".   alice@mycluster:~$   alice@node-1.mycluster:~$
if [ -n "$PS1" ] && [ -r /etc/clusterdrop/settings ]; then
  # In a subshell: a user's shell is no place for variables such as ROLE.
  PS1=$(
    # shellcheck source=/dev/null
    . /etc/clusterdrop/settings
    if [ "$ROLE" = master ]; then name=$CLUSTER; else name=$NODE.$CLUSTER; fi
    printf '%s_' "${PS1//\\h/$name}"
  )
  PS1=${PS1%_}
fi
