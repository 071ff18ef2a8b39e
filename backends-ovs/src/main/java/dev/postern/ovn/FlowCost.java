package dev.postern.ovn;

import dev.postern.ovn.Northbound.AclRow;
import dev.postern.ovn.match.Constant;
import dev.postern.ovn.match.MatchException;
import dev.postern.ovn.match.OvnMatch;
import dev.postern.ovn.match.OvnMatchReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How many OpenFlow flows rows become on a chassis: what ovn-controller makes of a match (lib/expr.c). Fields of which OpenFlow can
 * match one value only multiply; of the others the alternatives add up, as soon as two fields have more than one, in conjunctive matches,
 * and equal alternatives of ACLs of one priority are one flow.
 */
public final class FlowCost {

  /** A switch that tracks connections looks at each ACL twice, for new connections and for known ones, but at {@code pass} only once. */
  private static final int LOOKS = 2;

  private final SelfCheck names;
  private final Set<String> local;
  private final Map<String, Integer> shared = new HashMap<>();
  private long flows;

  private FlowCost(Northbound rows, Collection<String> localPorts) {
    this.names = SelfCheck.of(rows);
    this.local = Set.copyOf(localPorts);
    OvnMatchReader reader = new OvnMatchReader(names);
    rows.groups().forEach(group -> group.acls().forEach(acl -> add(reader, acl)));
  }

  /**
   * The flows of these rows on a chassis, on one switch.
   *
   * @param localPorts the ports that are on the chassis
   */
  public static long of(Northbound rows, Collection<String> localPorts) {
    FlowCost cost = new FlowCost(rows, localPorts);
    return cost.flows + cost.shared.values().stream().mapToLong(looks -> looks).sum();
  }

  private void add(OvnMatchReader reader, AclRow acl) {
    OvnMatch match;
    try {
      match = reader.read(acl.match());
    } catch (MatchException e) {
      throw new IllegalArgumentException("not a match of ours: " + acl.match(), e);
    }
    List<OvnMatch> parts = match instanceof OvnMatch.All all ? all.matches() : List.of(match);
    String place = acl.toPort() + " " + acl.tier().orElse(0) + " " + acl.priority();
    add(place, parts, acl.action().equals("pass") ? 1 : LOOKS);
  }

  private void add(String place, List<OvnMatch> parts, int looks) {
    List<String> variants = List.of("");
    List<String> whole = new ArrayList<>();
    List<List<String>> dimensions = new ArrayList<>();
    // A transport port or a protocol goes with either family unless something says which.
    List<String> families =
        parts.stream().anyMatch(FlowCost::saysFamily) ? List.of("") : List.of(" ip4", " ip6");
    for (OvnMatch part : parts) {
      OvnMatch.Compare compare = (OvnMatch.Compare) part;
      String name = compare.symbol().name();
      if (compare.symbol().isText()) {
        dimensions.add(here(compare));
      } else if (name.startsWith("ip4.") || name.startsWith("ip6.") || name.endsWith(".dst")) {
        dimensions.add(texts(compare));
        whole.add(name);
        variants = name.startsWith("ip") ? variants : crossed(variants, families);
      } else if (name.equals("ip")) {
        variants = crossed(variants, families);
      } else if (name.equals("ip.proto")) {
        variants = crossed(crossed(variants, families), texts(compare));
      } else if (name.equals("icmp6.type")) {
        variants = crossed(variants, texts(compare));
      }
    }
    List<List<String>> many =
        dimensions.stream().filter(each -> each.size() != 1).toList();
    if (many.stream().anyMatch(List::isEmpty)) {
      return;
    }
    if (many.size() < 2) {
      long each = many.stream().mapToLong(List::size).sum();
      flows += (long) looks * variants.size() * (many.isEmpty() ? 1 : each);
      return;
    }
    flows += (long) looks * variants.size();
    String alone = dimensions.stream().filter(each -> each.size() == 1).toList().toString();
    for (int i = 0; i < dimensions.size(); i++) {
      if (dimensions.get(i).size() > 1) {
        for (String alternative : dimensions.get(i)) {
          String flow = place + " " + i + " " + whole + " " + alone + " " + alternative;
          variants.forEach(variant -> shared.put(flow + variant, looks));
        }
      }
    }
  }

  private static List<String> crossed(List<String> some, List<String> others) {
    List<String> result = new ArrayList<>();
    some.forEach(one -> others.forEach(other -> result.add(one + other)));
    return result;
  }

  private static List<String> texts(OvnMatch.Compare compare) {
    return compare.constants().stream().map(Object::toString).toList();
  }

  private static boolean saysFamily(OvnMatch part) {
    String name = part instanceof OvnMatch.Compare compare ? compare.symbol().name() : "";
    return name.startsWith("ip4") || name.startsWith("ip6");
  }

  private List<String> here(OvnMatch.Compare compare) {
    return compare.constants().stream()
        .map(constant -> ((Constant.Text) constant).value())
        .filter(local::contains)
        .toList();
  }
}
