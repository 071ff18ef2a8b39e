package dev.postern.ovn;

import dev.postern.ovn.Northbound.AclRow;
import dev.postern.ovn.match.Constant;
import dev.postern.ovn.match.Match;
import dev.postern.ovn.match.MatchException;
import dev.postern.ovn.match.MatchReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * How many OpenFlow flows rows become on a chassis: what ovn-controller makes of a match (lib/expr.c). Fields of which OpenFlow can
 * match one value only multiply; of the others the alternatives add up, as soon as two fields have more than one, in conjunctive matches,
 * and equal alternatives of ACLs of one priority are one flow.
 */
public final class FlowCost {

  /** A switch that tracks connections looks at each ACL twice: for new connections and for known ones. */
  private static final int LOOKS = 2;

  private final SelfCheck names;
  private final Set<String> local;
  private final Set<String> shared = new HashSet<>();
  private long flows;

  private FlowCost(Northbound rows, Collection<String> localPorts) {
    this.names = SelfCheck.of(rows);
    this.local = Set.copyOf(localPorts);
    MatchReader reader = new MatchReader(names);
    rows.groups().forEach(group -> group.acls().forEach(acl -> add(reader, acl)));
  }

  /**
   * The flows of these rows on a chassis, on one switch.
   *
   * @param localPorts the ports that are on the chassis
   */
  public static long of(Northbound rows, Collection<String> localPorts) {
    FlowCost cost = new FlowCost(rows, localPorts);
    return LOOKS * (cost.flows + cost.shared.size());
  }

  private void add(MatchReader reader, AclRow acl) {
    Match match;
    try {
      match = reader.read(acl.match());
    } catch (MatchException e) {
      throw new IllegalArgumentException("not a match of ours: " + acl.match(), e);
    }
    List<Match> parts = match instanceof Match.All all ? all.matches() : List.of(match);
    String place = acl.toPort() + " " + acl.priority() + " " + acl.action().startsWith("allow");
    add(place, parts);
  }

  private void add(String place, List<Match> parts) {
    long product = 1;
    List<String> whole = new ArrayList<>();
    List<List<String>> dimensions = new ArrayList<>();
    for (Match part : parts) {
      Match.Compare compare = (Match.Compare) part;
      String name = compare.symbol().name();
      if (compare.symbol().isText()) {
        dimensions.add(here(compare));
      } else if (name.startsWith("ip4.") || name.startsWith("ip6.") || name.endsWith(".dst")) {
        dimensions.add(compare.constants().stream().map(Object::toString).toList());
        whole.add(name);
        // A transport port goes with either family unless an address says which.
        product *= name.startsWith("ip") || parts.stream().anyMatch(FlowCost::saysFamily) ? 1 : 2;
      } else if (name.equals("ip")) {
        product *= 2;
      } else if (name.equals("ip.proto") || name.equals("icmp6.type")) {
        boolean families =
            name.equals("ip.proto") && parts.stream().noneMatch(FlowCost::saysFamily);
        product *= compare.constants().size() * (families ? 2L : 1L);
      }
    }
    List<List<String>> many =
        dimensions.stream().filter(each -> each.size() != 1).toList();
    if (many.stream().anyMatch(List::isEmpty)) {
      return;
    }
    if (many.size() < 2) {
      flows += product * many.stream().mapToLong(List::size).sum() + (many.isEmpty() ? product : 0);
      return;
    }
    flows += product;
    String alone = dimensions.stream().filter(each -> each.size() == 1).toList().toString();
    for (int i = 0; i < dimensions.size(); i++) {
      if (dimensions.get(i).size() > 1) {
        for (String alternative : dimensions.get(i)) {
          String flow = place + " " + i + " " + whole + " " + alone + " " + alternative;
          IntStream.range(0, (int) product).forEach(copy -> shared.add(copy + " " + flow));
        }
      }
    }
  }

  private static boolean saysFamily(Match part) {
    String name = part instanceof Match.Compare compare ? compare.symbol().name() : "";
    return name.startsWith("ip4") || name.startsWith("ip6");
  }

  private List<String> here(Match.Compare compare) {
    return compare.constants().stream()
        .map(constant -> ((Constant.Text) constant).value())
        .filter(local::contains)
        .toList();
  }
}
