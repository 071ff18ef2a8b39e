package dev.postern.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class ReportPolicyChangesTest {

  /** Set by the extension. */
  @SuppressWarnings("NullAway.Init")
  private KubernetesClient client;

  private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();

  private void pod(String name, String address) {
    client
        .resource(new PodBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace("shop")
            .withLabels(Map.of("app", name))
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .withNewStatus()
            .withPodIP(address)
            .endStatus()
            .build())
        .create();
  }

  private static NetworkPolicy policy(String from) {
    return new NetworkPolicyBuilder()
        .withNewMetadata()
        .withName("db")
        .withNamespace("shop")
        .endMetadata()
        .withNewSpec()
        .withNewPodSelector()
        .addToMatchLabels("app", "db")
        .endPodSelector()
        .addNewIngress()
        .addNewFrom()
        .withNewPodSelector()
        .addToMatchLabels("app", from)
        .endPodSelector()
        .endFrom()
        .endIngress()
        .endSpec()
        .build();
  }

  private String next() throws InterruptedException {
    String report = reports.poll(2, TimeUnit.MINUTES);
    return report == null ? "nothing was reported" : report;
  }

  @Test
  void aPolicyThatComesChangesAndGoesIsReportedByWhatItOpensAndCloses()
      throws InterruptedException {
    client
        .resource(new NamespaceBuilder()
            .withNewMetadata()
            .withName("shop")
            .endMetadata()
            .build())
        .create();
    pod("web", "10.0.0.1");
    pod("db", "10.0.0.2");
    client.resource(policy("web")).create();
    try (ReportPolicyChanges watching = new ReportPolicyChanges(client, reports::add)) {
      assertThat(next()).isEqualTo("watching 1 policies");

      client.resource(policy("batch")).update();
      assertThat(next())
          .isEqualTo("NetworkPolicy shop/db closed shop/web -> shop/db on all traffic");

      client.network().v1().networkPolicies().inNamespace("shop").withName("db").delete();
      assertThat(next())
          .isEqualTo("NetworkPolicy shop/db opened shop/web, 0.0.0.0/0 -> shop/db on all traffic");
      assertThat(watching.snapshot().cluster().policies()).isEmpty();
      assertThat(watching.snapshot().pod("shop", "web")).hasSize(1);
    }
  }
}
