#!/bin/sh
# Changes the entries that an earlier artefact's apply.sh filled the tries with, and switches to them at once. A second pair of tries is kept
# equal to the one in force: it is changed while nobody looks at it, then it is the one in force, then the other one is changed, too.
#
# POSTERN_PIN is the directory of the pins in the BPF file system, /sys/fs/bpf/postern by default.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
pin=${POSTERN_PIN:-/sys/fs/bpf/postern}
command -v bpftool > /dev/null || { echo "apply.sh: error: bpftool is not installed" >&2; exit 2; }
[ ! -e "$pin/at-@to@" ] || { echo "apply.sh: the tries hold these entries already"; exit 0; }
if [ ! -e "$pin/at-@from@" ]; then
  echo "apply.sh: error: the tries in $pin are not those that this starts from (hint: apply the whole artefact)" >&2
  exit 1
fi
[ -s "$here/changes.batch" ] || echo "apply.sh: nothing differs"

now=$(bpftool -j map lookup pinned "$pin/maps/generation" key 0 0 0 0 | sed -n 's/.*"value":\["0x0\([01]\)".*/\1/p')
next=$((1 - now))

# The second pair, if there is none yet: a copy of the first.
copy() {
  bpftool -j map dump pinned "$pin/$1" \
    | sed -E 's/^\[\{?//; s/\}?\]$//; s/\},\{/\n/g' \
    | sed -nE 's/^"key":\[([^]]*)\],"value":\[([^]]*)\].*/map update pinned @to key \1 value \2/; T; s/[",]/ /g; p' \
    | sed "s|@to|$pin/second-$1|" | bpftool batch file - > /dev/null
}
if [ ! -e "$pin/second-identities" ] || [ ! -e "$pin/second-policy" ]; then
  rm -f "$pin"/second-*
  bpftool map create "$pin/second-identities" type lpm_trie key 24 value 16 entries @room@ name postern_ids flags 1
  bpftool map create "$pin/second-policy" type lpm_trie key 16 value 4 entries @room@ name postern_policy flags 1
  copy identities
  copy policy
  bpftool map update pinned "$pin/maps/identity_slots" key "$next" 0 0 0 value pinned "$pin/second-identities"
  bpftool map update pinned "$pin/maps/policy_slots" key "$next" 0 0 0 value pinned "$pin/second-policy"
fi

edit() {
  [ ! -s "$here/changes.batch" ] || sed "s|@pin@/|$pin/$1|" "$here/changes.batch" | bpftool batch file - > /dev/null
}
rm -f "$pin"/at-*
edit second-
bpftool map update pinned "$pin/maps/generation" key 0 0 0 0 value "$next" 0 0 0
# By now, no packet is on its way that saw the old number: it takes nanoseconds, and starting a program milliseconds.
edit ""
for map in identities policy; do
  mv "$pin/$map" "$pin/first-$map"
  mv "$pin/second-$map" "$pin/$map"
  mv "$pin/first-$map" "$pin/second-$map"
done
bpftool map create "$pin/at-@to@" type array key 4 value 4 entries 1 name postern_at
