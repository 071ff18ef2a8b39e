package dev.postern.answer;

import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import dev.postern.net.Family;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which ends pods are, and which of them speak with one another: written down once more, for tests that ask the definition. */
final class EndsOfPods {

  private EndsOfPods() {}

  /** The ends that the pods of a workload are: each by all of its addresses. */
  static List<End> ends(Workload workload) {
    return workload.pods().isEmpty()
        ? List.of(End.InPod.template(workload))
        : workload.pods().stream().flatMap(pod -> ends(workload, pod)).toList();
  }

  static Stream<End> ends(Workload workload, Pod pod) {
    return pod.addresses().isEmpty()
        ? Stream.of(new End.InPod(workload, Optional.of(pod), Optional.empty()))
        : pod.addresses().stream()
            .map(address -> new End.InPod(workload, Optional.of(pod), Optional.of(address)));
  }

  /** The family that an end speaks, where it is known. */
  static Optional<Family> family(End end) {
    if (end instanceof End.InPod pod) {
      return pod.address().map(Address::family);
    }
    return end instanceof End.Outside outside
        ? Optional.of(outside.address().family())
        : Optional.empty();
  }

  /** Whether nothing says that they have no family in common. */
  static boolean speak(End one, End other) {
    return family(one).isEmpty() || family(other).isEmpty() || family(one).equals(family(other));
  }

  /** Whether both are one pod. */
  static boolean same(End one, End other) {
    return one instanceof End.InPod a
        && other instanceof End.InPod b
        && a.pod().isPresent()
        && a.workload().equals(b.workload())
        && a.pod().equals(b.pod());
  }
}
