# shellcheck shell=sh
# The message of the day, for people: not for scp, not for a job, not for a shell within a shell.
case $- in *i*)
  if [ -n "$SSH_TTY" ] && [ -z "$SLURM_JOB_ID" ] && [ ! -e "$HOME/.hushlogin" ]; then motd; fi
  ;;
esac
