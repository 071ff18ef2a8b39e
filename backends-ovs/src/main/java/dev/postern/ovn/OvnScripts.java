package dev.postern.ovn;

import dev.postern.backend.Script;

/** The scripts beside the rows. What they change they change in one transaction, which the database makes as a whole or not at all. */
final class OvnScripts {

  private OvnScripts() {}

  private static final String DATABASE =
      "OVN_NB_DB names the database as for ovn-nbctl: unix:/run/ovn/ovnnb_db.sock, tcp:127.0.0.1:6641 or ssl:host:6641";

  /** Sets the script's arguments to the commands that destroy all rows of ours. */
  private static final String DESTROY = """
      set --
      for table in Port_Group Address_Set; do
        rows=$(ovn-nbctl --bare --no-headings --columns=_uuid find $table external_ids:postern=owned)
        for row in $rows; do
          set -- "$@" -- destroy $table "$row"
        done
      done
      """;

  static final Script APPLY = Script.of(
          "Puts these rows in the place of all earlier ones of Postern's in OVN's northbound database, in one transaction: all or nothing,\n"
              + "and the same when run again. Every row of another owner stays as it is.\n\n"
              + DATABASE + ".\n",
          """
          need ovn-nbctl comm sed sort
          # A port group must not lack a pod: a name that OVN does not know would leave that pod open.
          output listed ovn-nbctl --bare --no-headings --columns=name list Logical_Switch_Port
          sed '/^$/d' "$work/listed" > "$work/names"
          sort -u "$work/names" > "$work/there"
          sort -u ports.txt > "$work/wanted"
          comm -23 "$work/wanted" "$work/there" > "$work/missing"
          if [ -s "$work/missing" ]; then
            echo "apply.sh: error: no logical switch port of this name, so nothing was changed (are ports named as was said when this was compiled?):" >&2
            sed 's/^/  /' "$work/missing" >&2
            exit 1
          fi
          """ + DESTROY + """
          # ovn-nbctl takes one command at least; this one changes nothing.
          [ $# -gt 0 ] || set -- -- --if-exists destroy Port_Group postern_nothing
          . ./rows.sh
          """)
      .reading();

  static final Script TRANSACT = Script.of(
          "Sends transaction.json to OVN's northbound database: all of it happens, or nothing, and the same when run again. Every row of another\n"
              + "owner stays as it is.\n\n" + DATABASE + "; for ssl,\n"
              + "OVN_NB_PRIVATE_KEY, OVN_NB_CERTIFICATE and OVN_NB_CA_CERT name the files that ovn-nbctl takes as -p, -c and -C.\n",
          """
          need python3
          python3 transact.py
          """)
      .reading();

  static final Script REMOVE = Script.of(
      "Takes all rows of Postern's out of OVN's northbound database, in one transaction, and no others.\n"
          + DATABASE + ".\n",
      "need ovn-nbctl\n" + DESTROY + "[ $# -eq 0 ] || ovn-nbctl \"$@\"\n");
}
