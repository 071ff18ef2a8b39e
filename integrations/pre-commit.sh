#!/usr/bin/env bash
# Runs postern for pre-commit: the one on the PATH, else the source tree that pre-commit has checked out, which builds itself.
# `lint` without a path reads the whole repository.
set -u
here=$(dirname "$(readlink -f "$0")")
postern=${POSTERN:-$(type -P postern || printf '%s' "$here/../postern")}
command=$1
shift
case $command in
  lint)
    for argument; do
      case $argument in
        -f | --filename | --filename=*) exec "$postern" lint "$@" ;;
      esac
    done
    exec "$postern" lint -f . "$@"
    ;;
  *) exec "$postern" "$command" "$@" ;;
esac
