package dev.postern.benchmarks.ovn;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Rectangle;
import dev.postern.cluster.Workload;
import dev.postern.lowering.PeerAddresses;
import dev.postern.meaning.End;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.ovn.Northbound;
import dev.postern.ovn.Northbound.AclRow;
import dev.postern.ovn.Northbound.GroupRow;
import dev.postern.ovn.Northbound.SetRow;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * The layout to compare with: a port group a policy with its own denial, and for each rule and peer its own address set and an ACL a family,
 * protocol and port. Nothing is shared. NetworkPolicies only.
 */
final class NaiveLayout {

  private final Plan plan;
  private final PeerAddresses where;
  private final List<SetRow> sets = new ArrayList<>();
  private final List<GroupRow> groups = new ArrayList<>();

  private NaiveLayout(Plan plan) {
    this.plan = plan;
    this.where = PeerAddresses.of(plan);
  }

  static Northbound rows(Plan plan) {
    NaiveLayout layout = new NaiveLayout(plan);
    for (Policy policy : plan.cluster().policies()) {
      layout.add(policy);
    }
    return new Northbound(layout.sets, layout.groups);
  }

  private void add(Policy policy) {
    String name = "naive_" + groups.size();
    List<AclRow> acls = new ArrayList<>();
    for (Direction direction : policy.isolates()) {
      acls.add(acl(direction == Direction.INGRESS, 1000, name, "ip", "drop"));
    }
    for (Direction direction : policy.isolates()) {
      for (PolicyRule rule : policy.rules(direction)) {
        for (PolicyRule one : apart(rule)) {
          plan.cover(policy, one)
              .rectangles()
              .forEach(rectangle -> add(acls, name, direction == Direction.INGRESS, rectangle));
        }
      }
    }
    groups.add(new GroupRow(name, ports(plan.targets(policy)), acls, ""));
  }

  /** A rule for each peer. */
  private static List<PolicyRule> apart(PolicyRule rule) {
    if (!(rule.peers() instanceof Peers.AnyOf any)) {
      return List.of(rule);
    }
    return any.peers().stream()
        .map(peer -> new PolicyRule(
            rule.direction(),
            rule.index(),
            rule.name(),
            rule.action(),
            new Peers.AnyOf(List.of(peer)),
            rule.ports(),
            rule.origin()))
        .toList();
  }

  private void add(List<AclRow> acls, String group, boolean toPort, Rectangle rectangle) {
    AddressSet peers = where.exactly(rectangle.peers());
    for (Family family : Family.values()) {
      if (peers.in(family).isEmpty()) {
        continue;
      }
      String set = "naive_as_" + sets.size();
      sets.add(
          new SetRow(set, peers.in(family).cidrs().stream().map(Cidr::toString).toList(), ""));
      String from =
          (family == Family.IPV4 ? "ip4" : "ip6") + (toPort ? ".src" : ".dst") + " == $" + set;
      if (rectangle.traffic().isAll()) {
        acls.add(acl(toPort, 1001, group, from, "allow-related"));
        continue;
      }
      for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
        for (PortSet.Interval interval : rectangle.traffic().ports(protocol).intervals()) {
          String port = protocol.word() + ".dst";
          String ports = interval.first() == interval.last()
              ? port + " == " + interval.first()
              : port + " >= " + interval.first() + " && " + port + " <= " + interval.last();
          acls.add(acl(toPort, 1001, group, from + " && " + ports, "allow-related"));
        }
      }
    }
  }

  private static AclRow acl(
      boolean toPort, int priority, String group, String rest, String action) {
    return new AclRow(
        toPort,
        priority,
        (toPort ? "outport" : "inport") + " == @" + group + " && " + rest,
        action,
        OptionalInt.empty(),
        false,
        "info",
        "",
        group);
  }

  private List<String> ports(ClassSet targets) {
    TreeSet<String> ports = new TreeSet<>();
    Classes classes = plan.classes();
    targets
        .intersect(classes.insiders())
        .forEach(number -> classes.members(number).forEach(member -> {
          End.InPod end = classes.endpoints().get(member);
          Workload workload = end.workload();
          end.pod().ifPresent(pod -> ports.add(workload.namespace() + "_" + pod.name()));
        }));
    return List.copyOf(ports);
  }
}
