package dev.postern.lint;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.net.Traffic;
import dev.postern.plan.Classes;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Pods whose egress is restricted and that cannot ask the cluster's DNS any more, the commonest outage of a first policy. The cluster's DNS
 * is the pods labelled {@code k8s-app=kube-dns}; where the manifests hold none, any way out on port 53 counts.
 */
final class NameService {

  private static final Traffic NAMES = Traffic.udp(53).union(Traffic.tcp(53));

  private NameService() {}

  static List<Diagnostic> of(Plan plan) {
    Classes classes = plan.classes();
    ClassSet.Builder servers = new ClassSet.Builder();
    for (int number = 0; number < classes.inside(); number++) {
      Workload workload = classes.representative(number).workload();
      if (workload.labels().get("k8s-app").filter("kube-dns"::equals).isPresent()) {
        servers.add(number);
      }
    }
    ClassSet dns = servers.build();
    List<Diagnostic> found = new ArrayList<>();
    for (Policy policy : plan.cluster().policies()) {
      if (!policy.isolates().contains(Direction.EGRESS)) {
        continue;
      }
      Set<String> cut = new TreeSet<>();
      plan.targets(policy).minus(dns).forEach(number -> {
        if (!resolves(plan.table(number, Direction.EGRESS).possible(), dns)) {
          classes
              .members(number)
              .forEach(member ->
                  cut.add("`" + classes.endpoints().get(member).workload().id() + "`"));
        }
      });
      if (!cut.isEmpty()) {
        found.add(
            Code.NO_NAME_SERVICE
                .at(
                    policy.origin(),
                    policy.toString(),
                    names(cut),
                    dns.isEmpty() ? "anything" : "the cluster's DNS")
                .hint(
                    "allow egress to the pods labelled `k8s-app: kube-dns` in namespace kube-system on UDP and TCP 53"));
      }
    }
    return found;
  }

  /** Whether some server, or with none known anyone at all, can be asked over UDP and over TCP. */
  private static boolean resolves(Region egress, ClassSet dns) {
    return egress.parts().stream()
        .anyMatch(part ->
            part.traffic().containsAll(NAMES) && (dns.isEmpty() || part.peers().intersects(dns)));
  }

  private static String names(Set<String> workloads) {
    String first = String.join(", ", workloads.stream().limit(3).toList());
    return workloads.size() > 3 ? first + " and " + (workloads.size() - 3) + " more" : first;
  }
}
