#!/usr/bin/env bash
# krew.sh HOMEPAGE ARCHIVE: Krew's manifest for a release archive postern-VERSION-linux-x64.tar.gz, on standard output.
set -euo pipefail
[ $# = 2 ] || { echo "krew.sh: error: expected HOMEPAGE ARCHIVE" >&2; exit 2; }
homepage=$1 archive=$2
name=${archive##*/}
version=${name#postern-}
version=v${version%-linux-x64.tar.gz}
digest=$(sha256sum "$archive")
sed -e '/^#/d' -e "s|@VERSION@|$version|g" -e "s|@HOMEPAGE@|$homepage|g" -e "s|@ARCHIVE@|$name|g" \
  -e "s|@SHA256@|${digest%% *}|g" "$(dirname "$(readlink -f "$0")")/krew.yaml"
