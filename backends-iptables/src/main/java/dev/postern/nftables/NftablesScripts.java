package dev.postern.nftables;

import dev.postern.backend.Script;

/**
 * The scripts beside a ruleset. They work in the network namespace that they are run in, and hold no text from any manifest.
 *
 * <p>Replacing a table in one transaction would be simpler. But while the kernel commits it, packets meet rules whose sets are not in force
 * yet, or no longer: measured on Linux 6.18, a few new connections that old and new rules allow were dropped at each replacement. So sets are
 * in force before any rule looks them up, and go after the last that did.
 */
final class NftablesScripts {

  private NftablesScripts() {}

  static final Script APPLY = Script.of("""
          Puts ruleset.nft in force without a gap. The new table is loaded beside the old one, under the other of the names `postern` and
          `postern_b`, without hooks, so that no packet meets it; then it gets its hooks, and for a moment a packet must pass both; then the old
          one loses its hooks; then it goes. Nothing else is touched. Running it twice changes nothing but the name.
          """, """
          nft="${NFT:-nft}"
          need "$nft" awk grep sed
          output chains "$nft" list chains inet
          has() { grep -q "^table inet $1 {" "$work/chains"; }
          hooks() {
            awk -v table="$1" '
              $1 == "table" { here = $3 == table } here && $1 == "chain" && $2 ~ /^hook_/ { print "delete chain inet " table " " $2 }' "$work/chains" > "$work/hooks"
          }
          hooked() { hooks "$1"; [ -s "$work/hooks" ]; }
          old=
          new=postern
          if has postern && has postern_b; then
            # An earlier run was interrupted: of two tables in force either is one of the states between which it was.
            if hooked postern; then old=postern new=postern_b; else old=postern_b; fi
            "$nft" delete table inet $new
          elif has postern; then
            old=postern new=postern_b
          elif has postern_b; then
            old=postern_b
          fi
          sed -e '/^# hooks$/,$d' -e '/^delete table/d' -e "s/^table inet postern /table inet $new /" ruleset.nft > "$work/table.nft"
          sed -e '1,/^# hooks$/d' -e "s/^table inet postern /table inet $new /" ruleset.nft > "$work/hooks.nft"
          "$nft" -f "$work/table.nft"
          "$nft" -f "$work/hooks.nft"
          if [ -n "$old" ]; then
            hooks $old
            "$nft" -f "$work/hooks"
            "$nft" delete table inet $old
          fi
          """).reading();

  static final Script APPLY_DELTA = Script.of("""
          Turns the table that was compiled before into the new one, transaction by transaction, see steps.txt: each needs the mark that the one
          before left. It refuses where the table is not the one of before: then apply the whole artefact. Interrupted, it can be run again and
          goes on; run twice, it changes nothing.
          """, """
          nft="${NFT:-nft}"
          need "$nft" awk sed
          output chains "$nft" list chains inet
          marks=$(awk '
            $1 == "table" { table = $3 } (table == "postern" || table == "postern_b") && $1 == "chain" && $2 ~ /^[vw]_/ { print table, $2 }' "$work/chains")
          table=${marks%% *}
          mark=${marks#* }
          while read -r before step after; do
            wanted=$after
            if [ "$mark" = "$before" ] && [ "$step" != - ]; then
              sed -e "s/inet postern /inet $table /" "$step" > "$work/step.nft"
              "$nft" -f "$work/step.nft"
              mark=$after
            fi
          done < steps.txt
          [ "$mark" = "$wanted" ] || fail "the table is not the one of before: apply the whole artefact"
          """).reading();

  static final Script REMOVE = Script.of(
      "Takes away the tables `inet postern` and `inet postern_b` and nothing else. Running it twice does no harm.",
      """
      nft="${NFT:-nft}"
      need "$nft"
      for table in postern postern_b; do
        printf 'table inet %s {}\\ndelete table inet %s\\n' $table $table
      done > "$work/remove.nft"
      "$nft" -f "$work/remove.nft"
      """);
}
