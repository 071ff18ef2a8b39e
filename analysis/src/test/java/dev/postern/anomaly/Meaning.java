package dev.postern.anomaly;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What every endpoint's policies let pass, for comparing two clusters with the same workloads: the brute-force definition of "the same". */
final class Meaning {

  private Meaning() {}

  static boolean same(Cluster one, Cluster other, Options options) {
    Plan a = Plan.of(one, options);
    Plan b = Plan.of(other, options);
    SortedSet<Address> outside = new TreeSet<>();
    for (Plan plan : List.of(a, b)) {
      plan.classes()
          .outsiders()
          .forEach(number -> outside.add(plan.classes().range(number).first()));
    }
    List<End> peers = new ArrayList<>(a.classes().endpoints());
    outside.forEach(address -> peers.add(new End.Outside(address)));
    for (End.InPod subject : a.classes().endpoints()) {
      for (End peer : peers) {
        for (Direction direction : Direction.values()) {
          if (!traffic(a, subject, peer, direction).equals(traffic(b, subject, peer, direction))) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private static List<Traffic> traffic(Plan plan, End subject, End peer, Direction direction) {
    int number = plan.classes().classOf(subject);
    int other = plan.classes().classOf(peer);
    return List.of(
        plan.table(number, direction).allowed().traffic(other),
        plan.table(number, direction).possible().traffic(other));
  }
}
