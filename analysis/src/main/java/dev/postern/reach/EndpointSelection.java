package dev.postern.reach;

import dev.postern.meaning.End;
import dev.postern.net.AddressSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which endpoints of a matrix are wanted. Immutable.
 *
 * @param everyone whether all are
 * @param ends else the pods, and the ingress controller
 * @param outside and the addresses outside the cluster
 */
public record EndpointSelection(boolean everyone, Set<End> ends, AddressSet outside) {

  /** Every endpoint. */
  public static final EndpointSelection EVERYONE =
      new EndpointSelection(true, Set.of(), AddressSet.EMPTY);

  public EndpointSelection {
    ends = Set.copyOf(ends);
  }

  /** These pods and addresses. */
  public static EndpointSelection of(Collection<End> ends, AddressSet outside) {
    return new EndpointSelection(false, new HashSet<>(ends), outside);
  }

  /** One endpoint. */
  public static EndpointSelection only(Endpoint endpoint) {
    if (endpoint instanceof Endpoint.External external) {
      return of(List.of(), AddressSet.of(external.range()));
    }
    if (!(endpoint instanceof Endpoint.Pods pods)) {
      return of(List.of(new End.IngressController()), AddressSet.EMPTY);
    }
    List<End> ends = pods.pods().isEmpty()
        ? List.of(End.InPod.template(pods.workload()))
        : pods.pods().stream()
            .<End>map(pod -> new End.InPod(pods.workload(), Optional.of(pod), Optional.empty()))
            .toList();
    return of(ends, AddressSet.EMPTY);
  }

  /** What of an endpoint is wanted: pods that behave alike as a whole, of a range the addresses that were named. */
  List<Endpoint> of(Endpoint endpoint) {
    if (everyone) {
      return List.of(endpoint);
    }
    if (endpoint instanceof Endpoint.Pods pods) {
      return ends.stream().anyMatch(end -> isOf(end, pods)) ? List.of(endpoint) : List.of();
    }
    if (endpoint instanceof Endpoint.External external) {
      List<Endpoint> parts = new ArrayList<>();
      AddressSet named = AddressSet.of(external.range()).intersect(outside);
      named.ranges().forEach(range -> parts.add(new Endpoint.External(range)));
      return parts;
    }
    return ends.stream().anyMatch(End.IngressController.class::isInstance)
        ? List.of(endpoint)
        : List.of();
  }

  private static boolean isOf(End end, Endpoint.Pods pods) {
    return end instanceof End.InPod pod
        && pod.workload().equals(pods.workload())
        && (pod.pod().isEmpty() || pods.pods().contains(pod.pod().get()));
  }
}
