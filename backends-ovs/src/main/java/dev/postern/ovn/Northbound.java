package dev.postern.ovn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * The rows of the northbound database that Postern owns: what a transaction brings there.
 *
 * @param sets by name
 * @param groups by name, each with its ACLs
 */
public record Northbound(List<SetRow> sets, List<GroupRow> groups) {

  /** The key in {@code external_ids} that marks a row as Postern's. */
  public static final String OWNER = "postern";

  /** Its value. */
  public static final String OWNED = "owned";

  /** The key in {@code external_ids} whose value says for people what a row is. */
  public static final String ABOUT = "postern-about";

  /** The key in {@code external_ids} of a digest of what the row says: equal digests need no change. */
  public static final String CONTENT = "postern-content";

  /** The key in {@code external_ids}, of one row, of a digest of what all rows say. */
  public static final String STATE = "postern-state";

  /** The name of that row: an address set without addresses, which no match mentions. */
  public static final String STATE_ROW = "postern_state";

  public Northbound {
    sets = List.copyOf(sets);
    groups = List.copyOf(groups);
  }

  /** A digest of what all rows say, whatever their order; what is for people does not count. */
  public String digest() {
    List<String> said = new ArrayList<>();
    sets.forEach(
        set -> said.add(set.name + " " + set.addresses.stream().sorted().toList()));
    groups.forEach(
        group -> said.add(group.name + " " + group.ports.stream().sorted().toList() + " "
            + group.acls.stream().map(AclRow::content).sorted().toList()));
    said.sort(Comparator.naturalOrder());
    return RowNames.digest(said.toString());
  }

  /** How many ACLs. */
  public int acls() {
    return groups.stream().mapToInt(group -> group.acls().size()).sum();
  }

  /**
   * A row of table Address_Set.
   *
   * @param addresses networks of one family, in order
   * @param about for people
   */
  public record SetRow(String name, List<String> addresses, String about) {
    public SetRow {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * A row of table Port_Group.
   *
   * @param ports names of logical switch ports, in order
   * @param acls the rules of the group
   * @param about for people
   */
  public record GroupRow(String name, List<String> ports, List<AclRow> acls, String about) {
    public GroupRow {
      ports = List.copyOf(ports);
      acls = List.copyOf(acls);
    }
  }

  /**
   * A row of table ACL.
   *
   * @param toPort {@code to-lport}, ingress of the pod; else {@code from-lport} after load balancing
   * @param priority 0..32767
   * @param match an expression
   * @param action {@code allow-related}, {@code drop} or {@code reject}
   * @param tier if the column is to be set
   * @param log whether matches are logged
   * @param severity of the log lines, if logged
   * @param meter limits the log lines; may be empty
   * @param name at most 63 characters
   */
  public record AclRow(
      boolean toPort,
      int priority,
      String match,
      String action,
      OptionalInt tier,
      boolean log,
      String severity,
      String meter,
      String name) {

    /** A digest of all that the row says. */
    String content() {
      return RowNames.digest(toString());
    }
  }
}
