package dev.postern.iptables;

/** The scripts beside the rules. They work in the network namespace that they are run in, and hold no text from any manifest. */
final class IptablesScripts {

  private IptablesScripts() {}

  static final String APPLY = """
      #!/bin/sh
      # Makes the rules in this directory the ones in force. First all sets, under names that no rule in force looks up: they begin with
      # `postern-`, `postern_` or `postern.`, one of which is free. Then, for each family, all chains in one transaction: a packet meets the
      # old rules with the old sets or the new rules with the new ones. Then the old sets go.
      # Chains and sets that are not named POSTERN* and postern[-_.]* are not touched. Running it twice changes nothing but those names.
      # IPTABLES=iptables-legacy and IP6TABLES=ip6tables-legacy choose the older kernel interface.
      set -eu
      cd "$(dirname "$0")"
      # iptables-nft-save 1.8.9 sorts chains by recursion and crashes where some ten thousands of them meet a small stack.
      ulimit -s unlimited 2>/dev/null || :
      ipset="${IPSET:-ipset}"
      iptables="${IPTABLES:-iptables}"
      ip6tables="${IP6TABLES:-ip6tables}"

      # Sets that map addresses to marks are asked for before anything changes.
      if ! grep -q ' skbinfo$' ipset.restore; then
        :
      elif "$ipset" create -exist postern-probe hash:net skbinfo; then
        "$ipset" destroy postern-probe
      else
        echo "apply.sh: the ipset of this kernel has no skbinfo, nothing was changed (hint: compile with --without-marks, or --probe on this node)" >&2
        exit 1
      fi

      used=$("$iptables-save" -t mangle && "$ip6tables-save" -t mangle)
      for prefix in postern- postern_ postern.; do
        printf '%s\\n' "$used" | grep -qF " $prefix" || break
      done

      transaction() {
        # In each table the hooks of before are taken away in the same transaction that puts ours first again, and so are chains that are gone.
        { "$1-save" -t filter; "$1-save" -t mangle; } | awk -v rules="$2" -v prefix="$prefix" '
          function gone(table, key, part) {
            for (key in old) { split(key, part, SUBSEP); if (part[1] == table) print "-F " part[2] }
            for (key in old) { split(key, part, SUBSEP); if (part[1] == table) print "-X " part[2] }
          }
          /^\\*/ { table = substr($1, 2) }
          $1 == "-A" && ($NF == "POSTERN" || $NF == "POSTERN-LAST") { $1 = "-D"; unhook[table] = unhook[table] $0 "\\n" }
          /^:POSTERN[ -]/ { old[table, substr($1, 2)] = 1; ours[table] = 1 }
          END {
            while ((getline line < rules) > 0) {
              if (line ~ /^\\*/) { table = substr(line, 2); delete ours[table] }
              if (line ~ /^:/) { name = line; sub(/^:/, "", name); sub(/ .*/, "", name); delete old[table, name] }
              if (line == "COMMIT") gone(table)
              if (line ~ /^-I / && unhook[table] != "") { printf "%s", unhook[table]; unhook[table] = "" }
              if (prefix != "postern-") gsub(/ postern-/, " " prefix, line)
              print line
            }
            for (table in ours) { print "*" table; printf "%s", unhook[table]; gone(table); print "COMMIT" }
          }' | "$1-restore" -w 10 --noflush
      }

      # What an interrupted run left over, and the word that old rules are in force.
      "$ipset" list -n | awk -v prefix="$prefix" '
        index($1, prefix) == 1 || $1 ~ /^postern[-_.][vw]...................$/ { print "destroy " $1 }' | "$ipset" restore
      sed "s/ postern-/ $prefix/" ipset.restore | "$ipset" restore
      transaction "$iptables" iptables.restore
      transaction "$ip6tables" ip6tables.restore
      "$ipset" list -n | awk -v prefix="$prefix" '/^postern[-_.]/ && index($1, prefix) != 1 { print "destroy " $1 }' | "$ipset" restore
      # A set without members, whose name says which rules are in force: a delta looks for it.
      sed "s/ postern-/ $prefix/" mark.restore | "$ipset" restore
      """;

  static final String REMOVE = """
      #!/bin/sh
      # Takes away the chains POSTERN*, the jumps to them and the sets postern[-_.]*, and nothing else. Running it twice does no harm.
      set -eu
      ulimit -s unlimited 2>/dev/null || :
      ipset="${IPSET:-ipset}"

      remove() {
        { "$1-save" -t filter; "$1-save" -t mangle; } | awk '
          /^\\*/ { table = substr($1, 2) }
          $1 == "-A" && ($NF == "POSTERN" || $NF == "POSTERN-LAST") { $1 = "-D"; unhook[table] = unhook[table] $0 "\\n" }
          /^:POSTERN[ -]/ { ours[table] = 1; old[table, substr($1, 2)] = 1 }
          END {
            for (table in ours) {
              printf "*%s\\n%s", table, unhook[table]
              for (key in old) { split(key, part, SUBSEP); if (part[1] == table) print "-F " part[2] }
              for (key in old) { split(key, part, SUBSEP); if (part[1] == table) print "-X " part[2] }
              print "COMMIT"
            }
          }' |
          "$1-restore" -w 10 --noflush
      }

      remove "${IPTABLES:-iptables}"
      remove "${IP6TABLES:-ip6tables}"
      "$ipset" list -n | awk '/^postern[-_.]/ { print "destroy " $1 }' | "$ipset" restore
      """;

  static final String APPLY_DELTA = """
      #!/bin/sh
      # Turns the rules that were compiled before into the new ones, see steps.txt. It refuses where those of before are not in force: then
      # apply the whole artefact. Interrupted, it can be run again and goes on; run twice, it changes nothing.
      set -eu
      cd "$(dirname "$0")"
      ulimit -s unlimited 2>/dev/null || :
      ipset="${IPSET:-ipset}"
      read -r before during after < marks.txt
      marker=$("$ipset" list -n | grep -E '^postern[-_.][vw][a-z2-7]{19}$' || true)
      prefix=$(printf %.8s "$marker")

      # restore FILE: what ipset does, with the names of the sets in force
      restore() {
        if [ -s "$1" ]; then sed "s/ postern-/ $prefix/g" "$1" | "$ipset" restore -exist; fi
      }
      transaction() {
        if [ -s "$2" ]; then sed "s/ postern-/ $prefix/g" "$2" | "$1-restore" -w 10 --noflush; fi
      }

      case "$marker" in
        "$prefix$after") exit 0 ;;
        "$prefix$during") ;;
        "$prefix$before")
          # Members change one by one only in sets that are as they were compiled.
          live=$("$ipset" save | awk '
            BEGIN { while ((getline name < "members.txt") > 0) edited[name] = 1 }
            $1 == "add" && substr($2, 9) in edited { $2 = substr($2, 9); print }' | LC_ALL=C sort | sha256sum)
          if [ -s members.txt ] && [ "${live%% *}" != "$(cat members.sha256)" ]; then
            echo "apply.sh: somebody else has changed a set: apply the whole artefact" >&2
            exit 1
          fi
          "$ipset" rename "$marker" "$prefix$during" ;;
        *)
          echo "apply.sh: the rules of before are not in force: apply the whole artefact" >&2
          exit 1 ;;
      esac
      restore 1-sets.restore
      transaction "${IPTABLES:-iptables}" 2-iptables.restore
      transaction "${IP6TABLES:-ip6tables}" 2-ip6tables.restore
      restore 3-members.restore
      restore 4-sets.restore
      transaction "${IPTABLES:-iptables}" 5-iptables.restore
      transaction "${IP6TABLES:-ip6tables}" 5-ip6tables.restore
      if [ -s 6-sets.txt ]; then
        "$ipset" list -n | awk -v prefix="$prefix" '
          BEGIN { while ((getline name < "6-sets.txt") > 0) gone[prefix name] = 1 }
          $1 in gone { print "destroy " $1 }' | "$ipset" restore
      fi
      "$ipset" rename "$prefix$during" "$prefix$after"
      """;
}
