package dev.postern.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words for ends and ports are the same to {@code can}, to {@code why}, to a batch and to a specification. */
class WordsTest {

  private static final String MANIFESTS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {nodeName: n1, containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
      status: {podIP: 10.1.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: cart, namespace: shop, labels: {app: cart}}
      spec: {nodeName: n1, containers: [{name: c, image: i}]}
      status: {podIP: 10.1.0.2}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n1}
      status: {addresses: [{type: InternalIP, address: 192.0.2.21}]}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n2}
      status: {addresses: [{type: InternalIP, address: 192.0.2.22}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: kubernetes, namespace: default}
      spec: {clusterIP: 10.96.0.1, ports: [{name: https, port: 443, targetPort: 6443}]}
      ---
      apiVersion: v1
      kind: Endpoints
      metadata: {name: kubernetes, namespace: default}
      subsets: [{addresses: [{ip: 192.0.2.9}], ports: [{name: https, port: 6443}]}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: web}}
        policyTypes: [Ingress, Egress]
        ingress: [{ports: [{port: 8080}]}]
        egress: [{ports: [{port: 6443}]}]
      """;

  /** Two workloads of one name, only one of which is isolated. */
  private static final String SAME_NAME = """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: a}
      spec: {selector: {matchLabels: {app: d}}, template: {metadata: {labels: {app: d}}, spec: {containers: [{name: c, image: i}]}}}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: web, namespace: a}
      spec: {selector: {matchLabels: {app: s}}, template: {metadata: {labels: {app: s}}, spec: {containers: [{name: c, image: i}]}}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: client, namespace: a}
      spec: {containers: [{name: c, image: i}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: shut, namespace: a}
      spec: {podSelector: {matchLabels: {app: s}}, policyTypes: [Ingress]}
      """;

  @TempDir
  Path directory;

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "anyone | shop/web | 8080 | 0",
        "shop/web | anyone | 6443 | 0",
        "any node | shop/web | 8080 | 0",
        "node/n2 | shop/web | 9090 | 1",
        "shop/web | node/n2 | 22 | 1",
        "shop/web | the API server | https | 0",
        "the API server | shop/web | http | 0",
        "shop/cart and node/n2 | shop/web | 8080 | 0",
        "shop/cart and node/n2 | shop/web | 9090 | 1",
        "shop/cart | shop/web and 203.0.113.7 | 8080 | 0",
        "shop/cart | shop/web | http | 0",
        "shop/cart | shop/web | htp | 2",
        "node/n3 | shop/web | 8080 | 2",
        "everyone | shop/web | 8080 | 2"
      })
  void eachFormIsReadAlike(String source, String destination, String on, int status)
      throws IOException {
    String manifests = file("words.yaml", MANIFESTS);
    String question = "can " + source + " reach " + destination + " on " + on;
    String batch = file("batch.txt", question + "?\n");
    String spec =
        file("words.postern", source + " cannot reach " + destination + " on " + on + "\n");

    assertThat(Run.of("can", question, "-f", manifests).status()).isEqualTo(status);
    assertThat(Run.of("why", question, "-f", manifests).status()).isEqualTo(status);
    assertThat(Run.of("can", "--batch", batch, "-f", manifests).status()).isEqualTo(status);
    int cannot = status == 2 ? 2 : 1 - status;
    assertThat(Run.of("test", spec, "-f", manifests).status()).isEqualTo(cannot);
  }

  @Test
  void whoeverCouldComeIsAskedAboutToo() throws IOException {
    String manifests = file("words.yaml", MANIFESTS);
    String spec = file("words.postern", """
        anyone can never reach shop/web on 9090
        shop/cart and any pod in namespace shop can never reach shop/web on 9091
        """);

    assertThat(Run.of("test", spec, "-f", manifests).out())
        .contains(
            "1 hold, 1 fail",
            "an address gets through: 192.0.2.21 -> shop/web (10.1.0.1) tcp/9090");
    assertThat(
            Run.of("test", spec, "-f", manifests, "--node-traffic-passes=false").out())
        .contains("0 fail");
    assertThat(Run.of("can", "--open", "anyone reach shop/web on 8080", "-f", manifests)
            .status())
        .isZero();
    assertThat(Run.of("can", "--open", "anyone reach shop/web on http", "-f", manifests)
            .err())
        .contains("write the number");
  }

  @Test
  void workloadsOfOneNameAreNamedAsTheyArePrinted() throws IOException {
    String manifests = file("same.yaml", SAME_NAME);
    Run both = Run.of("can", "a/client reach a/web on 80", "-f", manifests);
    assertThat(both.out()).startsWith("partial:").contains("a/web[StatefulSet]");
    for (String name : new String[] {"a/web[StatefulSet]", "sts/web", "statefulset a/web"}) {
      Run one = Run.of("can", "a/client reach " + name + " on 80", "-f", manifests);
      assertThat(one.status()).as(name).isEqualTo(1);
    }
    Run json = Run.of("can", "a/client reach a/web on 80", "-f", manifests, "-o", "json");
    assertThat(json.out()).contains("a/web[Deployment]").doesNotContain("\"a/web\"");
    String spec = file("same.postern", """
        a/client cannot reach a/web[StatefulSet] on 80
        a/client can reach a/web[Deployment] on 80
        a/client can reach deployment/web on 80
        """);
    Run test = Run.of("test", spec, "-f", manifests);
    assertThat(test.out()).endsWith("3 hold, 0 fail\n");
  }
}
