package dev.postern.prove;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.backend.Scope;
import dev.postern.cluster.Node;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Compiles a plan into the rule language in the plainest way that is right: a chain a pod and direction, all addresses written out. */
final class NaiveCompiler {

  /** How packets find their chain. */
  enum Style {
    /** A list of jumps, each by an address; an allowed packet returns. */
    JUMPS,
    /** A table of marks, and jumps by mark; the source's mark in the upper half, the destination's in the lower. */
    MARKS,
    /** One chain: all that is allowed between two pods is accepted, then all that is a pod's is dropped. */
    FLAT,
    /** A chain a pod, for both directions, which accepts some, drops what no mark allows, and comes back with another mark. */
    PODS
  }

  private final Plan plan;
  private final Scope scope;
  private final StringBuilder text = new StringBuilder();

  private NaiveCompiler(Plan plan, Scope scope) {
    this.plan = plan;
    this.scope = scope;
  }

  static String compile(Plan plan, Scope scope, Style style) {
    NaiveCompiler compiler = new NaiveCompiler(plan, scope);
    return switch (style) {
      case FLAT -> compiler.flat();
      case PODS -> compiler.pods();
      case JUMPS, MARKS -> compiler.chains(style == Style.MARKS);
    };
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private List<End.InPod> policed() {
    return plan.classes().endpoints().stream()
        .filter(end ->
            end.address().isPresent() && AddressClasses.isPoliced(end, plan.options(), scope))
        .toList();
  }

  private String chains(boolean marks) {
    line("stage filter forward accept");
    line("chain forward");
    line("  state established,related accept");
    line("  state invalid drop");
    line("  icmp 133,134,135,136,137 dst ::/0 accept");
    List<End.InPod> pods = policed();
    for (Direction direction : Direction.values()) {
      boolean egress = direction == Direction.EGRESS;
      if (marks && !pods.isEmpty()) {
        StringBuilder map = new StringBuilder("  mark-map " + (egress ? "src" : "dst"));
        for (int i = 0; i < pods.size(); i++) {
          map.append(' ')
              .append(address(pods.get(i)))
              .append('=')
              .append((i + 1) << (egress ? 16 : 0))
              .append(egress ? "/0xffff0000" : "/0xffff");
        }
        line(map.toString());
      }
      for (int i = 0; i < pods.size(); i++) {
        String who = marks
            ? "mark " + ((i + 1) << (egress ? 16 : 0)) + (egress ? "/0xffff0000" : "/0xffff")
            : (egress ? "src " : "dst ") + address(pods.get(i));
        line("  " + who + " jump " + (egress ? "out" : "in") + i);
      }
    }
    for (int i = 0; i < pods.size(); i++) {
      for (Direction direction : Direction.values()) {
        chain(pods.get(i), i, direction, "return", "drop");
      }
    }
    return text.toString();
  }

  private String pods() {
    List<End.InPod> pods = policed();
    line("stage filter forward accept");
    line("chain forward");
    for (int i = 0; i < pods.size(); i++) {
      line("  dst " + address(pods.get(i)) + " jump pod" + i);
      line("  src " + address(pods.get(i)) + " jump pod" + i);
    }
    line("  mark 0x20/0x20 accept");
    for (int i = 0; i < pods.size(); i++) {
      Address address = address(pods.get(i));
      String nodes = join(nodeOf(pods.get(i)));
      line("chain pod" + i);
      line("  state established,related accept");
      line("  icmp 133,134,135,136,137 dst ::/0 accept");
      if (!nodes.isEmpty()) {
        line("  dst " + address + " src " + nodes + " accept");
      }
      line("  dst " + address + " jump in" + i);
      line("  src " + address + " jump out" + i);
      line("  not mark 0x10/0x10 drop");
      line("  mark-set 0/0x10");
      line("  mark-set 0x20/0x20");
      for (Direction direction : Direction.values()) {
        chain(pods.get(i), i, direction, "mark-set 0x10/0x10", "mark 0x10/0x10 return");
      }
    }
    return text.toString();
  }

  private static Address address(End.InPod pod) {
    return pod.address().orElseThrow();
  }

  private void chain(End.InPod pod, int number, Direction direction, String allow, String last) {
    boolean egress = direction == Direction.EGRESS;
    line("chain " + (egress ? "out" : "in") + number);
    String peer = egress ? "dst " : "src ";
    line("  " + peer + address(pod) + " " + allow);
    String nodes = join(nodeOf(pod));
    if (!nodes.isEmpty()) {
      line("  " + peer + nodes + " " + allow);
    }
    Region region = plan.table(plan.classes().classOf(pod), direction).allowed();
    for (Region.Part part : region.parts()) {
      String peers = join(addresses(part.peers(), address(pod).family()));
      if (!peers.isEmpty()) {
        traffic(part.traffic()).forEach(what -> line("  " + peer + peers + " " + what + allow));
      }
    }
    line("  " + last);
  }

  private String flat() {
    line("stage filter forward accept");
    line("chain forward");
    line("  state established,related accept");
    line("  icmp 133,134,135,136,137 dst ::/0 accept");
    List<End.InPod> pods = policed();
    for (Family family : Family.values()) {
      List<End.InPod> here =
          pods.stream().filter(pod -> address(pod).family() == family).toList();
      AddressSet inside =
          AddressSet.ofAddresses(here.stream().map(NaiveCompiler::address).toList());
      for (End.InPod from : here) {
        line("  src " + address(from) + " dst " + address(from) + " accept");
        if (!nodeOf(from).isEmpty()) {
          line("  src " + address(from) + " dst " + join(nodeOf(from)) + " accept");
          line("  dst " + address(from) + " src " + join(nodeOf(from)) + " accept");
        }
        Region egress =
            plan.table(plan.classes().classOf(from), Direction.EGRESS).allowed();
        Region ingress =
            plan.table(plan.classes().classOf(from), Direction.INGRESS).allowed();
        for (End.InPod to : here) {
          Traffic both = egress
              .traffic(plan.classes().classOf(to))
              .intersect(plan.table(plan.classes().classOf(to), Direction.INGRESS)
                  .allowed()
                  .traffic(plan.classes().classOf(from)));
          traffic(both)
              .forEach(what ->
                  line("  src " + address(from) + " dst " + address(to) + " " + what + "accept"));
        }
        outsiders(egress, inside, family, "src " + address(from) + " dst ");
        outsiders(ingress, inside, family, "dst " + address(from) + " src ");
      }
      if (!here.isEmpty()) {
        line("  src " + join(inside) + " drop");
        line("  dst " + join(inside) + " drop");
      }
    }
    return text.toString();
  }

  private void outsiders(Region region, AddressSet inside, Family family, String who) {
    for (Region.Part part : region.parts()) {
      String peers = join(addresses(part.peers(), family).minus(inside));
      if (!peers.isEmpty()) {
        traffic(part.traffic()).forEach(what -> line("  " + who + peers + " " + what + "accept"));
      }
    }
  }

  private AddressSet nodeOf(End.InPod pod) {
    if (!plan.options().nodeTrafficPasses()) {
      return AddressSet.EMPTY;
    }
    List<Address> addresses = new ArrayList<>();
    String name = pod.pod().flatMap(p -> p.node()).orElse("");
    for (Node node : plan.cluster().nodes()) {
      if (node.name().equals(name)) {
        addresses.addAll(node.addresses());
      }
    }
    return AddressSet.ofAddresses(addresses).in(address(pod).family());
  }

  private AddressSet addresses(ClassSet classes, Family family) {
    List<AddressRange> ranges = new ArrayList<>();
    List<Address> held = new ArrayList<>();
    for (End.InPod end : plan.classes().endpoints()) {
      end.address().ifPresent(address -> {
        held.add(address);
        if (classes.contains(plan.classes().classOf(end))) {
          ranges.add(new AddressRange(address, address));
        }
      });
    }
    List<AddressRange> outside = new ArrayList<>();
    classes
        .intersect(plan.classes().outsiders())
        .forEach(number -> outside.add(plan.classes().range(number)));
    return new AddressSet(outside)
        .minus(AddressSet.ofAddresses(held))
        .union(new AddressSet(ranges))
        .in(family);
  }

  private static List<String> traffic(Traffic traffic) {
    if (traffic.isAll()) {
      return List.of("");
    }
    List<String> lines = new ArrayList<>();
    for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
      if (!traffic.ports(protocol).isEmpty()) {
        lines.add(protocol.word() + " " + traffic.ports(protocol) + " ");
      }
    }
    if (traffic.other()) {
      lines.add("not proto 6,17,132 ");
    }
    return lines;
  }

  private static String join(AddressSet set) {
    return set.ranges().stream().map(AddressRange::toString).collect(Collectors.joining(","));
  }
}
