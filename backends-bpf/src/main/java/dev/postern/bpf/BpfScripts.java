package dev.postern.bpf;

import dev.postern.backend.Script;
import dev.postern.mapdump.MapScript;

/**
 * The scripts beside Postern's own program. A pin of a pair of tries that {@code postern prove} is told to dump holds what the attached
 * program reads, or is not there: at every step, so also where a script was killed.
 */
final class BpfScripts {

  private static final String PIN = "/sys/fs/bpf/postern";

  private BpfScripts() {}

  private static final String TRIES = """
      # tries PREFIX: makes an empty pair
      tries() {
        bpftool map create "$pin/$1identities" type lpm_trie key 24 value 16 entries %1$d name postern_ids flags 1
        bpftool map create "$pin/$1policy" type lpm_trie key 16 value 4 entries %1$d name postern_policy flags 1
      }
      # batch FILE PREFIX: edits the pair of this prefix
      batch() {
        sed "s|@pin@/|$pin/$2|" "$1" > "$work/batch"
        [ ! -s "$work/batch" ] || bpftool batch file "$work/batch" > /dev/null
      }
      # slots PREFIX: puts the pair where nobody looks as long as the generation is $now
      slots() {
        bpftool map update pinned "$pin/maps/identity_slots" key "$next" 0 0 0 value pinned "$pin/$1identities"
        bpftool map update pinned "$pin/maps/policy_slots" key "$next" 0 0 0 value pinned "$pin/$1policy"
      }
      generation() {
        output generation bpftool -j map lookup pinned "$pin/maps/generation" key 0 0 0 0
        now=$(sed -n 's/.*"value":\\["0x0\\([01]\\)".*/\\1/p' "$work/generation")
        case $now in 0 | 1) next=$((1 - now)) ;; *) fail "$pin/maps/generation is no map of this layout, nothing was changed" ;; esac
      }
      switch() { bpftool map update pinned "$pin/maps/generation" key 0 0 0 0 value "$next" 0 0 0; }
      """;

  /**
   * Where a filter of ours is on an interface's hook, told from those of others by the tag of its instructions. The same program under pins
   * of another directory is another's: each directory polices its own interfaces.
   */
  private static final String PLACES = """
      # tag PROGRAM: that of the pinned program, and its number
      identify() {
        output program bpftool prog show pinned "$pin/prog/$1"
        tag=$(sed -n 's/.* tag \\([0-9a-f]*\\).*/\\1/p' "$work/program")
        number=$(sed -n 's/^\\([0-9]*\\): .*/\\1/p' "$work/program")
        [ -n "$tag" ] && [ -n "$number" ] || fail "bpftool does not say which program $pin/prog/$1 is"
      }
      # filters INTERFACE HOOK: its qdiscs and filters, in files
      filters() {
        output qdiscs tc qdisc show dev "$1"
        : > "$work/filters"
        if grep -q '^qdisc clsact ' "$work/qdiscs"; then output filters tc filter show dev "$1" "$2"; fi
      }
      # place INTERFACE HOOK: who is at our preference and handle: nobody, attached (this program), ours (loaded earlier), or others
      place() {
        filters "$1" "$2"
        place=$(awk -v tag="$tag" -v number="$number" '
          BEGIN { found = "nobody" }
          /^filter / && / pref 49152 / {
            line = $0 " "
            if (line !~ /^filter (parent [^ ]+ )?protocol all pref 49152 bpf /) found = "others"
            else if (line !~ / handle 0x1 /) next
            else if (!index(line, " tag " tag " ")) found = "others"
            else if (found != "others" && match(line, / id [0-9]+ /)) {
              id = substr(line, RSTART + 4, RLENGTH - 5)
              found = id == number ? "attached" : id
            }
          }
          END { print found }' "$work/filters")
        case $place in
          [0-9]*) if pinned "$place"; then place=others; else place=ours; fi ;;
        esac
      }
      # pinned ID: whether a program is pinned anywhere
      pinned() {
        output pins bpftool -f prog show id "$1"
        grep -q '^[[:space:]]*pinned ' "$work/pins"
      }
      """;

  /**
   * Loads, fills and attaches.
   *
   * @param digest of the artefact's batches
   */
  static Script apply(int capacity, String digest) {
    return Script.of(
            """
            Loads Postern's program if it is not there, fills a new pair of tries and switches to it at once, and attaches the program to the
            interfaces given: the host's ends of pods' veth pairs. Run it again after every change; without interfaces it only updates.
            A filter of another program is never replaced: where one has our preference 49152 and handle 1, nothing is changed.

              ./apply.sh [interface ...]

            POSTERN_PIN is the directory of the pins in the BPF file system, /sys/fs/bpf/postern by default.
            """,
            "need bpftool tc clang mountpoint awk grep sed tr\n" + MapScript.pins("bpf", PIN)
                + PLACES
                + TRIES.formatted(capacity) + """
                own
                digest=$(sha256sum postern.c)
                source=source-$(printf %%.16s "$digest")
                if [ ! -e "$pin/prog" ]; then
                  clang -O2 -g -target bpf -I"/usr/include/$(uname -m)-linux-gnu" -c postern.c -o "$work/postern.o"
                  # Maps without a program are what an interrupted run left: nothing is attached that reads them.
                  rm -rf "$pin/loaded" "$pin/maps"
                  bpftool prog loadall "$work/postern.o" "$pin/loaded" pinmaps "$pin/maps"
                  mkdir "$pin/loaded/$source"
                  mv "$pin/loaded" "$pin/prog"
                fi
                [ -e "$pin/prog/$source" ] || fail "nothing was changed: the program in $pin was loaded from another postern.c (hint: remove.sh takes it away, and until apply.sh has run nothing is policed)"
                generation

                # hook INTERFACE COMMAND: runs it for both hooks with their program
                hooks() {
                  identify from_pod
                  "$2" "$1" ingress from_pod
                  identify to_pod
                  "$2" "$1" egress to_pod
                }
                free() {
                  place "$1" "$2"
                  ! grep -q '^qdisc ingress ' "$work/qdiscs" || fail "$1 has a qdisc ingress of others, beside which no clsact can be, nothing was changed"
                  ! grep -q '_block ' "$work/qdiscs" || fail "$1 shares its filters with other interfaces (tc block), nothing was changed"
                  [ "$place" != others ] || fail "a filter of another program is at preference 49152 of $1 $2, nothing was changed (hint: tc filter show dev $1 $2)"
                }
                attach() {
                  place "$1" "$2"
                  case $place in
                    attached) ;;
                    nobody) tc filter add dev "$1" "$2" protocol all prio 49152 handle 1 bpf direct-action object-pinned "$pin/prog/$3" ;;
                    ours) tc filter replace dev "$1" "$2" protocol all prio 49152 handle 1 bpf direct-action object-pinned "$pin/prog/$3" ;;
                    *) fail "a filter of another program is at preference 49152 of $1 $2 (hint: tc filter show dev $1 $2)" ;;
                  esac
                }
                for interface in "$@"; do hooks "$interface" free; done

                # A slot that nobody reads is filled whole before anybody does.
                rm -f "$pin"/next-* "$pin"/first-* "$pin"/second-*
                tries next-
                batch identities.batch next-
                batch policy.batch next-
                slots next-
                # The documented names are gone before they would be wrong.
                rm -f "$pin"/at-* "$pin/identities" "$pin/policy"
                switch
                mv "$pin/next-identities" "$pin/identities"
                mv "$pin/next-policy" "$pin/policy"
                bpftool map create "$pin/at-%s" type array key 4 value 4 entries 1 name postern_at

                for interface in "$@"; do
                  output qdiscs tc qdisc show dev "$interface"
                  grep -q '^qdisc clsact ' "$work/qdiscs" || tc qdisc add dev "$interface" clsact
                  hooks "$interface" attach
                done
                """.formatted(digest))
        .reading();
  }

  /**
   * Changes the entries of one artefact into those of another.
   *
   * @param from the digest of the batches whose entries are there
   * @param to the digest of those whose entries shall be there
   */
  static Script change(int capacity, String from, String to) {
    return Script.of(
            """
            Changes the entries that an earlier artefact's apply.sh filled the tries with, and switches to them at once. A second pair of tries is
            kept equal to the one in force: it is changed while nobody looks at it, then it is the one in force, then the other one is changed, too.
            Interrupted, it leaves the entries of before or the new ones in force; then apply the whole artefact.

            POSTERN_PIN is the directory of the pins in the BPF file system, /sys/fs/bpf/postern by default.
            """,
            "need bpftool sed tr\n" + MapScript.pins("bpf", PIN) + TRIES.formatted(capacity)
                + """
                [ ! -e "$pin/at-%2$s" ] || { echo "apply.sh: the tries hold these entries already"; exit 0; }
                [ -e "$pin/at-%1$s" ] || fail "the tries in $pin are not those that this starts from (hint: apply the whole artefact)"
                [ -s changes.batch ] || echo "apply.sh: nothing differs"
                generation

                # copy MAP: what it holds, as a batch for the second
                copy() {
                  output dump bpftool -j map dump pinned "$pin/$1"
                  sed -E 's/^\\[\\{?//; s/\\}?\\]$//; s/\\},\\{/\\n/g' "$work/dump" > "$work/entries"
                  sed -nE 's/^"key":\\[([^]]*)\\],"value":\\[([^]]*)\\].*/map update pinned @pin@ key \\1 value \\2/; T; s/[",]/ /g; p' "$work/entries" > "$work/updates"
                  sed "s|@pin@|$pin/second-$1|" "$work/updates" > "$work/batch"
                  [ ! -s "$work/batch" ] || bpftool batch file "$work/batch" > /dev/null
                }
                rm -f "$pin"/at-*
                # The second pair, if there is none yet: a copy of the first.
                if [ ! -e "$pin/second-identities" ] || [ ! -e "$pin/second-policy" ]; then
                  rm -f "$pin"/second-*
                  tries second-
                  copy identities
                  copy policy
                  slots second-
                fi
                batch changes.batch second-
                # The documented names are gone before they would be wrong.
                mv "$pin/identities" "$pin/first-identities"
                mv "$pin/policy" "$pin/first-policy"
                switch
                mv "$pin/second-identities" "$pin/identities"
                mv "$pin/second-policy" "$pin/policy"
                # By now, no packet is on its way that saw the old number: it takes nanoseconds, and starting a program milliseconds.
                batch changes.batch first-
                mv "$pin/first-identities" "$pin/second-identities"
                mv "$pin/first-policy" "$pin/second-policy"
                bpftool map create "$pin/at-%2$s" type array key 4 value 4 entries 1 name postern_at
                """.formatted(from, to))
        .reading();
  }

  static final Script REMOVE = Script.of(
      """
      Takes Postern's program off every interface of this network namespace and its maps out of the BPF file system. Other programs, filters
      and pins stay.
      """, "need bpftool tc awk grep sed tr\n" + MapScript.pins("bpf", PIN) + PLACES + """
          detach() {
            identify "$3"
            place "$1" "$2"
            case $place in attached | ours) tc filter del dev "$1" "$2" protocol all prio 49152 handle 1 bpf ;; esac
          }
          # lost INTERFACE HOOK PROGRAM: tells of a filter that has the place, the name and the maps of one of ours, and no pin anywhere
          lost() {
            filters "$1" "$2"
            id=$(sed -n "s/^filter .* pref 49152 bpf .* handle 0x1 .* id \\([0-9]*\\) name $3 .*/\\1/p" "$work/filters")
            [ -n "$id" ] || return 0
            ! pinned "$id" || return 0
            for map in $(sed -n 's/.* map_ids \\([0-9,]*\\).*/\\1/p' "$work/pins" | tr , ' '); do
              output map bpftool map show id "$map"
              ! grep -q ' name policy_slots ' "$work/map" || echo "$1 $2" >> "$work/lost"
            done
          }
          # A name has no colon, and may have anything else but blanks and slashes.
          sed -n 's/^ *\\([^:]*\\):.*/\\1/p' /proc/self/net/dev > "$work/interfaces"
          : > "$work/lost"
          if [ -e "$pin/prog" ]; then way=detach; else way=lost; fi
          while read -r interface; do
            "$way" "$interface" ingress from_pod
            "$way" "$interface" egress to_pod
          done < "$work/interfaces"
          if [ -s "$work/lost" ]; then
            sed 's/^/  /' "$work/lost" >&2
            fail "programs that may be Postern's are attached, and their pins are not in $pin: nothing was changed (hint: apply.sh makes pins, then remove.sh detaches)"
          fi
          owned || { echo "remove.sh: nothing of this target is pinned in $pin"; exit 0; }
          rm -rf "$pin/prog" "$pin/loaded" "$pin/maps"
          for map in identities policy; do
            rm -f "$pin/$map" "$pin/next-$map" "$pin/first-$map" "$pin/second-$map"
          done
          rm -f "$pin"/at-*
          rmdir "$pin/of-bpf"
          rmdir "$pin" 2> /dev/null || :
          """);
}
