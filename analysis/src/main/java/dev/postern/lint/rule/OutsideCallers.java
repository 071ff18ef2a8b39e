package dev.postern.lint.rule;

import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.Written;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the manifests say that somebody calls who is no workload among them, by kinds that Postern does not read otherwise. */
final class OutsideCallers {

  private static final int HTTPS = 443;

  private OutsideCallers() {}

  /**
   * A call of a Service by the API server.
   *
   * @param caller what makes the API server call, as {@code ValidatingWebhookConfiguration policy}
   * @param namespace the Service's namespace
   * @param service the Service's name
   * @param port the Service's port
   * @param origin where it is written
   */
  record OfService(String caller, String namespace, String service, int port, Origin origin) {}

  /** Admission webhooks, conversion webhooks and aggregated APIs. */
  static List<OfService> byApiServer(List<Written> objects) {
    List<OfService> calls = new ArrayList<>();
    for (Written object : objects) {
      switch (object.kind()) {
        case "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration" ->
          object
              .items("webhooks")
              .forEach(webhook -> add(object, webhook.at("clientConfig", "service"), calls));
        case "CustomResourceDefinition" ->
          add(object, object.at("spec", "conversion", "webhook", "clientConfig", "service"), calls);
        case "APIService" -> add(object, object.at("spec", "service"), calls);
        default -> {}
      }
    }
    return calls;
  }

  private static void add(Written object, Optional<Written> service, List<OfService> calls) {
    service.ifPresent(s -> calls.add(new OfService(
        object.kind() + " " + object.name(),
        s.text("namespace").orElse(""),
        s.text("name").orElse(""),
        s.number("port").orElse(HTTPS),
        s.origin())));
  }

  /** The workloads behind a Service. */
  static List<Workload> behind(LintInput input, Service service) {
    return service.selector().stream()
        .flatMap(selector -> input.workloads(service.namespace()).stream()
            .filter(workload -> selector.matches(workload.labels())))
        .toList();
  }
}
