package dev.postern.iptables;

import dev.postern.backend.Script;

/** The scripts beside the rules. They work in the network namespace that they are run in, and hold no text from any manifest. */
final class IptablesScripts {

  private IptablesScripts() {}

  /**
   * What they share. Ours are the chains POSTERN and POSTERN-..., the rules that are exactly {@code -A CHAIN -j POSTERN}, as each hook is, and
   * the sets whose name begins with postern and one of {@code -_.:}. Text of others may look alike in part, so lines are compared as a whole.
   *
   * <p>A set {@code postern:4:mangle} or {@code postern:4:mangle:FORWARD} has no members: it says that the table or the built-in chain was not
   * there before our rules. Only nft tells, since iptables-nft-save prints built-in chains whether they are there or not.
   */
  private static final String SHARED = """
      need awk grep sed wc
      # iptables-nft-save 1.8.9 sorts chains by recursion and crashes where some ten thousands of them meet a small stack.
      ulimit -s unlimited 2> /dev/null || :
      ipset="${IPSET:-ipset}"
      iptables="${IPTABLES:-iptables}"
      ip6tables="${IP6TABLES:-ip6tables}"
      nft="${NFT:-nft}"
      need "$ipset" "$iptables-save" "$iptables-restore" "$ip6tables-save" "$ip6tables-restore"

      # destroy CONDITION [OPTION ...]: the sets of whose name awk's condition is true
      destroy() {
        condition=$1
        shift
        output sets "$ipset" list -n
        awk "$@" "$condition { print \\"destroy \\" \\$1 }" "$work/sets" > "$work/destroy"
        "$ipset" restore < "$work/destroy"
      }
      # awk functions over what iptables-save prints
      reading='
        function gone(table, key, part) {
          for (key in old) { split(key, part, SUBSEP); if (part[1] == table) print "-F " part[2] }
          for (key in old) { split(key, part, SUBSEP); if (part[1] == table) print "-X " part[2] }
        }
        /^\\*/ { table = substr($1, 2) }
        $1 == "-A" && NF == 4 && $3 == "-j" && ($4 == "POSTERN" || $4 == "POSTERN-LAST" || $4 == "POSTERN-SERVED") && $2 !~ /^POSTERN(-|$)/ {
          unhook[table] = unhook[table] "-D " $2 " -j " $4 "\\n"; ours[table] = 1
        }
        /^:POSTERN[ -]/ { old[table, substr($1, 2)] = 1; ours[table] = 1 }'
      save() {
        output save "$1-save" -t filter
        output mangle "$1-save" -t mangle
        cat "$work/mangle" >> "$work/save"
      }
      """;

  static final Script APPLY = Script.of("""
          Makes the rules in this directory the ones in force. First all sets, under names that no rule in force looks up: they begin with
          `postern-`, `postern_` or `postern.`, one of which is free. Then, for each family, all chains in one transaction: a packet meets the
          old rules with the old sets or the new rules with the new ones. Then the old sets go.
          Chains and sets that are not named POSTERN* and postern[-_.:]* are not touched. Running it twice changes nothing but those names.
          IPTABLES=iptables-legacy and IP6TABLES=ip6tables-legacy choose the older kernel interface.
          """, SHARED + """
          # Sets that map addresses to marks are asked for before anything changes.
          if ! grep -q ' skbinfo$' ipset.restore; then
            :
          elif "$ipset" create -exist postern-probe hash:net skbinfo; then
            "$ipset" destroy postern-probe
          else
            fail "the ipset of this kernel has no skbinfo, nothing was changed (hint: compile for this kernel, without marks)"
          fi

          output used "$iptables-save" -t mangle
          output used6 "$ip6tables-save" -t mangle
          free=
          for prefix in postern- postern_ postern.; do
            grep -qF -e "-set $prefix" "$work/used" "$work/used6" || { free=yes; break; }
          done
          [ -n "$free" ] || fail "nothing was changed: rules in force look up sets of all three prefixes (hint: remove.sh takes them away)"

          # remember DIGIT FAMILY TOOL RULES: the tables and built-in chains that are made for these rules, for remove.sh
          remember() {
            case $("$3" -V) in *nf_tables*) command -v "$nft" > /dev/null || return 0 ;; *) return 0 ;; esac
            output chains "$nft" list chains
            awk -v set="postern:$1:" -v family="$2" -v chains="$work/chains" '
              BEGIN {
                while ((got = (getline line < chains)) > 0) {
                  split(line, word, " ")
                  if (word[1] == "table") table = word[2] == family ? word[3] : ""
                  if (word[1] == "table") there[table] = 1
                  if (word[1] == "chain") there[table, word[2]] = 1
                }
                if (got < 0) exit 3
              }
              /^\\*/ { table = substr($1, 2) }
              /^\\*/ && !(table in there) { print "create " set table " hash:ip" }
              /^-I / && !((table, $2) in there) { print "create " set table ":" $2 " hash:ip" }' "$4" > "$work/made"
            "$ipset" restore -exist < "$work/made"
          }
          transaction() {
            # In each table the hooks of before are taken away in the same transaction that puts ours first again, and so are chains that are gone.
            save "$1"
            awk -v rules="$2" -v prefix="$prefix" "$reading"'
              END {
                while ((got = (getline line < rules)) > 0) {
                  if (line ~ /^\\*/) { table = substr(line, 2); delete ours[table] }
                  if (line ~ /^:/) { name = line; sub(/^:/, "", name); sub(/ .*/, "", name); delete old[table, name] }
                  if (line == "COMMIT") gone(table)
                  if (line ~ /^-I / && unhook[table] != "") { printf "%s", unhook[table]; unhook[table] = "" }
                  if (prefix != "postern-") gsub(/ postern-/, " " prefix, line)
                  print line
                }
                if (got < 0) exit 3
                for (table in ours) { print "*" table; printf "%s", unhook[table]; gone(table); print "COMMIT" }
              }' "$work/save" > "$work/rules"
            "$1-restore" -w 10 --noflush < "$work/rules"
          }

          # What an interrupted run left over, and the word that old rules are in force.
          destroy 'index($1, prefix) == 1 || $1 ~ /^postern[-_.][vw]...................$/' -v prefix="$prefix"
          sed "s/ postern-/ $prefix/" ipset.restore > "$work/new"
          "$ipset" restore < "$work/new"
          remember 4 ip "$iptables" iptables.restore
          remember 6 ip6 "$ip6tables" ip6tables.restore
          transaction "$iptables" iptables.restore
          transaction "$ip6tables" ip6tables.restore
          destroy '/^postern[-_.]/ && index($1, prefix) != 1' -v prefix="$prefix"
          # A set without members, whose name says which rules are in force: a delta looks for it.
          sed "s/ postern-/ $prefix/" mark.restore > "$work/new"
          "$ipset" restore < "$work/new"
          """).reading();

  static final Script REMOVE = Script.of("""
      Takes away the chains POSTERN*, the jumps to them and the sets postern[-_.:]*, and nothing else; where nft is installed, also the tables
      and built-in chains that were made for them, if nobody else uses them. Running it twice does no harm.
      """, SHARED + """
      remove() {
        save "$1"
        awk "$reading"'
          END { for (table in ours) { print "*" table; printf "%s", unhook[table]; gone(table); print "COMMIT" } }' "$work/save" > "$work/rules"
        "$1-restore" -w 10 --noflush < "$work/rules"
      }

      # tidy DIGIT FAMILY TOOL: a chain goes if it is empty and accepts, a table if there is nothing in it; the kernel keeps a chain with rules
      tidy() {
        output sets "$ipset" list -n
        awk -F: -v digit="$1" '$1 == "postern" && $2 == digit && NF == 4 { print $3, $4 }' "$work/sets" > "$work/made"
        while read -r table chain; do
          if "$nft" list chain "$2" "$table" "$chain" > "$work/chain" 2> /dev/null && only 5 && grep -q 'policy accept;' "$work/chain"; then
            "$3" -t "$table" -X "$chain" 2> /dev/null || echo "remove.sh: the empty chain $chain of $2 $table stays: $3 cannot delete it" >&2
          fi
        done < "$work/made"
        awk -F: -v digit="$1" '$1 == "postern" && $2 == digit && NF == 3 { print $3 }' "$work/sets" > "$work/made"
        while read -r table; do
          if "$nft" list table "$2" "$table" > "$work/chain" 2> /dev/null && only 2; then
            "$nft" delete table "$2" "$table"
          fi
        done < "$work/made"
      }
      only() { lines=$(wc -l < "$work/chain"); [ "$lines" -eq "$1" ]; }

      remove "$iptables"
      remove "$ip6tables"
      if command -v "$nft" > /dev/null; then
        tidy 4 ip "$iptables"
        tidy 6 ip6 "$ip6tables"
      fi
      destroy '/^postern[-_.:]/'
      """);

  static final Script APPLY_DELTA = Script.of("""
          Turns the rules that were compiled before into the new ones, file by file in the order of their numbers. It refuses where those of
          before are not in force: then apply the whole artefact. Interrupted, it can be run again and goes on; run twice, it changes nothing.
          """, SHARED + """
          read -r before during after < marks.txt
          output sets "$ipset" list -n
          marker=$(awk '/^postern[-_.][vw][a-z2-7]*$/ && length($1) == 28' "$work/sets")
          prefix=$(printf %.8s "$marker")

          # named FILE: the same with the names of the sets in force, in "$work/named"
          named() { sed "s/ postern-/ $prefix/g" "$1" > "$work/named"; }
          restore() {
            named "$1"
            "$ipset" restore -exist < "$work/named"
          }
          transaction() {
            named "$2"
            [ ! -s "$work/named" ] || "$1-restore" -w 10 --noflush < "$work/named"
          }

          case "$marker" in
            "$prefix$after") exit 0 ;;
            "$prefix$during") ;;
            "$prefix$before")
              # Members change one by one only in sets that are as they were compiled.
              if [ -s members.txt ]; then
                output save "$ipset" save
                awk '
                  BEGIN { while ((got = (getline name < "members.txt")) > 0) edited[name] = 1; if (got < 0) exit 3 }
                  $1 == "add" && substr($2, 9) in edited { $2 = substr($2, 9); print }' "$work/save" > "$work/members"
                sort "$work/members" > "$work/sorted"
                live=$(sha256sum < "$work/sorted")
                wanted=$(cat members.sha256)
                [ "${live%% *}" = "$wanted" ] || fail "somebody else has changed a set: apply the whole artefact"
              fi
              "$ipset" rename "$marker" "$prefix$during" ;;
            *)
              fail "the rules of before are not in force: apply the whole artefact" ;;
          esac
          restore 1-sets.restore
          transaction "$iptables" 2-iptables.restore
          transaction "$ip6tables" 2-ip6tables.restore
          restore 3-members.restore
          restore 4-sets.restore
          transaction "$iptables" 5-iptables.restore
          transaction "$ip6tables" 5-ip6tables.restore
          if [ -s 6-sets.txt ]; then
            output sets "$ipset" list -n
            awk -v prefix="$prefix" '
              BEGIN { while ((got = (getline name < "6-sets.txt")) > 0) gone[prefix name] = 1; if (got < 0) exit 3 }
              $1 in gone { print "destroy " $1 }' "$work/sets" > "$work/destroy"
            "$ipset" restore < "$work/destroy"
          fi
          "$ipset" rename "$prefix$during" "$prefix$after"
          """).reading();
}
