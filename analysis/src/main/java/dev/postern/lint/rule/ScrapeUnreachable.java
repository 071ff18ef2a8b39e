package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import dev.postern.manifest.Written;
import dev.postern.net.Protocol;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A ServiceMonitor or PodMonitor whose pods let nobody in at the port that it scrapes. */
@AutoService(LintRule.class)
public final class ScrapeUnreachable implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP332",
      "SCRAPE_UNREACHABLE",
      Severity.WARNING,
      "{0} scrapes {1} on {2}, but no rule of {3} lets anyone in there");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "a scrape that policies cut";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    PossibleAdmission admission = new PossibleAdmission(input);
    for (Written object : input.written()) {
      if (object.kind().equals("PodMonitor")) {
        for (Written endpoint : endpoints(object, "podMetricsEndpoints")) {
          pods(input, object)
              .forEach(workload -> named(workload, endpoint.text("port").orElse(""))
                  .ifPresent(port -> report(admission, object, endpoint, workload, port, found)));
        }
      } else if (object.kind().equals("ServiceMonitor")) {
        for (Written endpoint : endpoints(object, "endpoints")) {
          services(input, object)
              .forEach(service -> service.ports().stream()
                  .filter(port -> port.name().equals(endpoint.text("port").orElse("")))
                  .forEach(port -> OutsideCallers.behind(input, service)
                      .forEach(workload -> ListeningPorts.target(port, workload)
                          .ifPresent(target ->
                              report(admission, object, endpoint, workload, target, found)))));
        }
      }
    }
  }

  private static void report(
      PossibleAdmission admission,
      Written object,
      Written endpoint,
      Workload workload,
      int port,
      Consumer<Diagnostic> found) {
    if (!admission.mayPass(
        workload, Direction.INGRESS, Protocol.TCP, port, PossibleAdmission.Who.ANYONE)) {
      List<Policy> by = admission.isolating(workload, Direction.INGRESS);
      found.accept(CODE.at(
              endpoint.origin(),
              object.kind() + " " + object.name(),
              workload.id(),
              "tcp/" + port,
              FindingNames.some(by.stream().map(Policy::toString).toList()))
          .hint("allow port " + port + " from the namespace of Prometheus")
          .related(by.stream()
              .limit(3)
              .map(policy -> new Diagnostic.Related(policy.toString(), policy.origin()))
              .toList()));
    }
  }

  private static List<Written> endpoints(Written object, String field) {
    return object.field("spec").map(spec -> spec.items(field)).orElse(List.of());
  }

  private static Optional<Integer> named(Workload workload, String name) {
    return workload.ports().stream()
        .filter(port -> port.name().equals(name) && !name.isEmpty())
        .map(ContainerPort::number)
        .findFirst();
  }

  private static List<Workload> pods(LintInput input, Written monitor) {
    return input.cluster().workloads().stream()
        .filter(workload -> looksIn(monitor, workload.namespace())
            && selects(monitor, workload.labels().asMap()))
        .toList();
  }

  /** A Service's labels are not in the cluster, since no policy sees them. */
  private static List<Service> services(LintInput input, Written monitor) {
    List<Service> services = new ArrayList<>();
    for (Written object : input.written()) {
      if (object.kind().equals("Service")) {
        Map<String, String> labels = new HashMap<>();
        object
            .at("metadata", "labels")
            .ifPresent(map -> map.keys()
                .forEach(key -> map.text(key).ifPresent(value -> labels.put(key, value))));
        input
            .backends()
            .service(object.namespace(), object.name())
            .filter(service -> looksIn(monitor, service.namespace()) && selects(monitor, labels))
            .ifPresent(services::add);
      }
    }
    return services;
  }

  private static boolean looksIn(Written monitor, String namespace) {
    Optional<Written> selector = monitor.at("spec", "namespaceSelector");
    List<Written> names = selector.map(s -> s.items("matchNames")).orElse(List.of());
    return selector.filter(s -> s.isTrue("any")).isPresent()
        || (names.isEmpty()
            ? monitor.namespace().equals(namespace)
            : names.stream()
                .anyMatch(name -> name.text().filter(namespace::equals).isPresent()));
  }

  /** By {@code matchLabels} alone: a monitor with expressions is not judged. */
  private static boolean selects(Written monitor, Map<String, String> labels) {
    Optional<Written> selector = monitor.at("spec", "selector");
    Optional<Written> wanted = selector.flatMap(s -> s.field("matchLabels"));
    return wanted.isPresent()
        && selector.filter(s -> s.mentions("matchExpressions")).isEmpty()
        && wanted.get().keys().stream()
            .allMatch(key -> wanted.get().text(key).equals(Optional.ofNullable(labels.get(key))));
  }
}
