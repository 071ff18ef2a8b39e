package dev.postern.lint.rule;

import dev.postern.algebra.ClassSet;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.policy.Ports;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Who is at the receiving end of rules, and where they listen. Mostly one of the first answers what a rule asks, so that nothing is put
 * together beforehand. Not thread-safe.
 */
final class Listeners {

  /** A Service's port, and where it leads on the first pods behind it. */
  record Front(Service service, int target) {}

  private final LintInput input;
  private final ClassSet classes;

  /** Those of inside classes. */
  Listeners(LintInput input, ClassSet classes) {
    this.input = input;
    this.classes = classes.intersect(input.plan().classes().insiders());
  }

  boolean isEmpty() {
    return classes.isEmpty();
  }

  List<Workload> workloads() {
    return input.workloads(classes);
  }

  /** The Services in front of them, by namespace and name. */
  List<Service> services() {
    Set<Service> inFront = Collections.newSetFromMap(new IdentityHashMap<>());
    workloads().forEach(workload -> inFront.addAll(input.listening().inFrontOf(workload)));
    return inFront.stream()
        .sorted(Comparator.comparing(Service::namespace).thenComparing(Service::name))
        .toList();
  }

  /** Whether one of them has a port of this name and protocol. */
  boolean haveName(Ports.Named named) {
    return any(workload -> {
      for (ContainerPort port : workload.ports()) {
        if (port.name().equals(named.name())
            && (named.protocol().isEmpty() || named.protocol().get() == port.protocol())) {
          return true;
        }
      }
      return false;
    });
  }

  /** Whether something says that one of them listens on some of this. */
  boolean hearSomeOf(Traffic traffic) {
    return any(workload -> input.listening().hearsSomeOf(workload, traffic));
  }

  /** Whether each of them declares a port. */
  boolean allSayWhere() {
    return !any(workload -> workload.ports().isEmpty());
  }

  /** Whether a Service in front of one of them has some of this as its ports. */
  boolean haveServicePort(Traffic traffic) {
    return any(workload -> {
      for (Service service : input.listening().inFrontOf(workload)) {
        for (Service.Port port : service.ports()) {
          if (traffic.contains(port.protocol(), port.port())) {
            return true;
          }
        }
      }
      return false;
    });
  }

  /** The first Service that has a port of this number in front of them, if it leads anywhere. */
  Optional<Front> front(Protocol protocol, int number) {
    for (Workload workload : workloads()) {
      for (Service service : input.listening().inFrontOf(workload)) {
        for (Service.Port port : service.ports()) {
          if (port.protocol() == protocol && port.port() == number) {
            Optional<Integer> target = ListeningPorts.target(port, workload);
            if (target.isPresent()) {
              return Optional.of(new Front(service, target.get()));
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  private boolean any(Predicate<Workload> question) {
    for (int run = 0; run < classes.runs(); run++) {
      for (int number = classes.runFirst(run); number < classes.runEnd(run); number++) {
        for (Workload workload : input.members(number)) {
          if (question.test(workload)) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
