package dev.postern.reach;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Reference;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Flows with an end of no class, since no address is known of it: DNS names and ingress controllers. The definition itself judges them, on
 * the policies that select the other end, since no other policy can say anything.
 */
final class UnknownEnds {

  private final Plan plan;
  private List<List<Policy>> policiesOfClass = List.of();

  UnknownEnds(Plan plan) {
    this.plan = plan;
  }

  static boolean isUnknown(End end) {
    return end instanceof End.DomainName || end instanceof End.IngressController;
  }

  FlowVerdict verdict(Flow flow) {
    return reference(flow.source(), flow.destination()).judge(flow).verdict();
  }

  /** Judges one port of each stretch that no policy tells apart. */
  Reach reach(End source, End destination) {
    Reference reference = reference(source, destination);
    int[] starts = starts(source, destination);
    Reach reach = Reach.NOTHING;
    for (Protocol protocol : Protocol.values()) {
      if (!protocol.hasPorts()) {
        reach =
            reach.union(judged(reference, new Flow(source, destination, protocol, 0), PortSet.ALL));
        continue;
      }
      for (int i = 0; i < starts.length; i++) {
        int last = i + 1 < starts.length ? starts[i + 1] - 1 : PortSet.MAX;
        reach = reach.union(judged(
            reference,
            new Flow(source, destination, protocol, starts[i]),
            PortSet.range(starts[i], last)));
      }
    }
    return reach;
  }

  private static Reach judged(Reference reference, Flow flow, PortSet ports) {
    FlowVerdict verdict = reference.judge(flow).verdict();
    Traffic traffic = Traffic.of(flow.protocol(), ports);
    return new Reach(
        verdict == FlowVerdict.ALLOWED ? traffic : Traffic.NONE,
        verdict == FlowVerdict.DENIED ? Traffic.NONE : traffic);
  }

  private Reference reference(End source, End destination) {
    End known = isUnknown(source) ? destination : source;
    Cluster cluster = known instanceof End.InPod pod
        ? Cluster.of(
            List.of(plan.cluster().namespace(pod.workload().namespace())),
            List.of(pod.workload()),
            policies(pod))
        : Cluster.EMPTY;
    return new Reference(cluster, plan.options());
  }

  /** The first ports of the stretches that the policies of the known end tell apart. */
  private int[] starts(End source, End destination) {
    SortedSet<Integer> starts = new TreeSet<>();
    starts.add(PortSet.MIN);
    if (destination instanceof End.InPod pod) {
      pod.workload().ports().forEach(port -> around(starts, PortSet.of(port.number())));
    }
    if ((isUnknown(source) ? destination : source) instanceof End.InPod known) {
      for (Policy policy : policies(known)) {
        policy.rules().forEach(rule -> around(starts, rule));
      }
    }
    return starts.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void around(SortedSet<Integer> starts, PolicyRule rule) {
    if (rule.ports() instanceof Ports.AnyOf any) {
      for (Ports.PortMatch match : any.matches()) {
        if (match instanceof Ports.Numbered numbered) {
          around(starts, numbered.ports());
        }
      }
    }
  }

  private static void around(SortedSet<Integer> starts, PortSet ports) {
    for (PortSet.Interval interval : ports.intervals()) {
      starts.add(interval.first());
      if (interval.last() < PortSet.MAX) {
        starts.add(interval.last() + 1);
      }
    }
  }

  private synchronized List<Policy> policies(End.InPod pod) {
    if (policiesOfClass.isEmpty()) {
      List<List<Policy>> lists = new ArrayList<>();
      for (int number = 0; number < plan.classes().inside(); number++) {
        lists.add(new ArrayList<>());
      }
      plan.cluster()
          .policies()
          .forEach(
              policy -> plan.targets(policy).forEach(number -> lists.get(number).add(policy)));
      policiesOfClass = lists;
    }
    return policiesOfClass.get(plan.classes().classOf(pod));
  }
}
