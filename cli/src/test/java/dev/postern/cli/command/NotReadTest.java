package dev.postern.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was not read, not declared or left out makes no plain answer, in any command. */
class NotReadTest {

  private static final String PODS = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: a}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: b}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: a, labels: {app: web}}
      spec: {containers: [{name: c}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: cli, namespace: a, labels: {app: cli}}
      spec: {containers: [{name: c}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: other, namespace: b, labels: {app: cli}}
      spec: {containers: [{name: c}]}
      """;

  private static final String CILIUM = """
      ---
      apiVersion: cilium.io/v2
      kind: CiliumNetworkPolicy
      metadata: {name: web, namespace: a}
      spec: {endpointSelector: {matchLabels: {app: web}}}
      """;

  @TempDir
  private Path directory;

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private static Run can(String question, String... more) {
    String[] arguments = new String[2 + more.length];
    arguments[0] = "can";
    arguments[1] = question;
    System.arraycopy(more, 0, arguments, 2, more.length);
    return Run.of(arguments);
  }

  @ParameterizedTest
  @CsvSource({
    "cilium.io/v2, CiliumNetworkPolicy, a, true",
    "cilium.io/v2, CiliumNetworkPolicy, b, false",
    "cilium.io/v2, CiliumClusterwideNetworkPolicy, '', true",
    "projectcalico.org/v3, NetworkPolicy, a, true",
    "crd.projectcalico.org/v1, GlobalNetworkPolicy, '', true",
    "projectcalico.org/v3, StagedNetworkPolicy, a, false",
    "crd.antrea.io/v1beta1, ClusterNetworkPolicy, '', true",
    "security.istio.io/v1, AuthorizationPolicy, a, true",
    "security.istio.io/v1, AuthorizationPolicy, b, false",
    "security.istio.io/v1, PeerAuthentication, istio-system, true",
    "k8s.ovn.org/v1, EgressFirewall, a, true",
    "networking.k8s.aws/v1alpha1, ApplicationNetworkPolicy, a, true",
    "example.com/v1, AcmeFirewallPolicy, a, true",
    "example.com/v1, AcmeNetworkPolicy, b, false",
    "example.com/v1, ClusterAcmeNetworkPolicy, '', true",
    "networking.k8s.io/v1, Networkpolicy, a, true",
    "networking.k8s.io/v1, NetworkPolcy, a, true",
    "example.com/v1, acmenetworkpolicy, a, true",
    "example.com/v1, Widget, a, false"
  })
  void aPolicyOfAKindThatIsNotReadMakesUnknownWhatItMaySelect(
      String version, String kind, String namespace, boolean unknown) throws IOException {
    String metadata = namespace.isEmpty() ? "{name: x}" : "{name: x, namespace: " + namespace + "}";
    String file = file(
        "all.yaml",
        PODS + "---\napiVersion: " + version + "\nkind: " + kind + "\nmetadata: " + metadata
            + "\nspec: {}\n");

    Run run = can("a/cli reach a/web on 80", "-f", file);

    assertThat(run.status()).isEqualTo(unknown ? ExitStatus.UNDECIDED : ExitStatus.YES);
    assertThat(run.out()).startsWith(unknown ? "unknown: " : "allowed: ");
    if (!kind.equals("Widget")) {
      assertThat(run.out()).contains("not read").contains("1 " + kind);
      assertThat(run.err()).contains("1 " + kind);
    }
  }

  @Test
  void itsSelectorIsReadWhereItIsKubernetes() throws IOException {
    String file = file("all.yaml", PODS + CILIUM);

    assertThat(can("b/other reach a/cli on 80", "-f", file).status()).isEqualTo(ExitStatus.YES);
    assertThat(can("b/other reach a/web on 80", "-f", file).status())
        .isEqualTo(ExitStatus.UNDECIDED);
    String prefixed = file("k8s.yaml", PODS + CILIUM.replace("{app: web}", "{\"k8s:app\": web}"));
    assertThat(can("b/other reach a/cli on 80", "-f", prefixed).status())
        .isEqualTo(ExitStatus.UNDECIDED);
  }

  @Test
  void aSelectorOfLabelsThatAnAgentGivesMaySelectAnyPod() throws IOException {
    for (String label : List.of(
        "io.kubernetes.pod.namespace: a",
        "io.cilium.k8s.namespace.labels.team: shop",
        "io.cilium.k8s.policy.serviceaccount: default",
        "io.cilium.k8s.policy.cluster: default")) {
      String file = file(
          "agent.yaml",
          PODS
              + CILIUM
                  .replace("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy")
                  .replace("namespace: a", "annotations: {}")
                  .replace("{app: web}", "{" + label + "}"));

      assertThat(can("b/other reach a/web on 80", "-f", file).status())
          .as(label)
          .isEqualTo(ExitStatus.UNDECIDED);
    }
  }

  @Test
  void anObjectWithoutAKindAndAListOfObjectsMayBePolicies() throws IOException {
    String policy = """
        apiVersion: networking.k8s.io/v1
        %smetadata: {name: x, namespace: a}
        spec: {podSelector: {}}
        """;
    for (String document : List.of(
        policy.formatted(""),
        "- " + policy.formatted("kind: NetworkPolicy\n").strip().replace("\n", "\n  "))) {
      Run run =
          can("a/cli reach a/web on 80", "-f", file("all.yaml", PODS + "---\n" + document + "\n"));

      assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
      assertThat(run.out()).as(document).startsWith("unknown: ");
    }
  }

  @Test
  void theUserMaySayThatAKindDoesNotMatterAndTheAnswerSaysSo() throws IOException {
    String file = file("all.yaml", PODS + CILIUM);

    Run run = can(
        "a/cli reach a/web on 80",
        "-f",
        file,
        "--ignore-kinds",
        "CiliumNetworkPolicy",
        "-o",
        "json");

    assertThat(run.status()).isEqualTo(ExitStatus.YES);
    assertThat(run.out()).contains("not read and ignored as asked: 1 CiliumNetworkPolicy");
  }

  @Test
  void everyCommandIsUndecidedOrSaysPerhaps() throws IOException {
    String file = file("all.yaml", PODS + CILIUM);
    String spec = file("s.postern", "a/cli can reach a/web on 80\n");

    assertThat(Run.of("why", "a/cli reach a/web on 80", "-f", file).status())
        .isEqualTo(ExitStatus.UNDECIDED);
    assertThat(Run.of("test", spec, "-f", file).status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(Run.of("diff", file, file).status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(Run.of("diff", "--assert", "no-new-access", file, file).status())
        .isEqualTo(ExitStatus.UNDECIDED);
    assertThat(Run.of("diff", "--ignore-kinds", "all", file, file).status())
        .isEqualTo(ExitStatus.YES);
    Run matrix = Run.of("connectivity", "-o", "json", "-f", file);
    assertThat(matrix.out()).contains("\"unknown\"").contains("1 CiliumNetworkPolicy");
    Run lint = Run.of("lint", file);
    assertThat(lint.out()).contains("CiliumNetworkPolicy a/web is of a kind").contains("NP360");
    assertThat(lint.status()).isEqualTo(ExitStatus.NO);
  }

  @Test
  void aPolicyOfCalicoUnderBothOfItsGroupsIsOne() throws IOException {
    String both =
        "---\napiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: default.np, namespace: a}\nspec: {}\n"
            + "---\napiVersion: crd.projectcalico.org/v1\nkind: NetworkPolicy\nmetadata: {name: default.np, namespace: a}\nspec: {}\n"
            + "---\napiVersion: crd.projectcalico.org/v1\nkind: NetworkPolicy\nmetadata: {name: default.other, namespace: a}\nspec: {}\n";

    Run run = can("a/cli reach a/web on 80", "-f", file("all.yaml", PODS + both));

    assertThat(run.out())
        .startsWith("unknown: ")
        .contains(
            "not read: 1 NetworkPolicy.crd.projectcalico.org, 1 NetworkPolicy.projectcalico.org;");
  }

  @Test
  void lintNamesWhateverIsNotRead() throws IOException {
    String template = """
        ---
        apiVersion: template.openshift.io/v1
        kind: Template
        metadata: {name: t, namespace: a}
        parameters: [{name: APP, required: true}]
        objects:
        - apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: {name: '${APP}', namespace: a}
          spec: {podSelector: {matchLabels: {app: '${APP}'}}}
        """;

    Run lint = Run.of("lint", file("all.yaml", PODS + template), "--select", "NP360");

    assertThat(lint.out()).contains("has open parameters, and is not read: what it does to pods");
    assertThat(lint.status()).isEqualTo(ExitStatus.NO);
  }

  @Test
  void aPolicyWithAnErrorNeverLeavesAPlainYes() throws IOException {
    String file = file(
        "all.yaml",
        PODS
            + "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: np, namespace: a}\n"
            + "spec: {podSelector: {matchLabels: {app: web}}, ingres: []}\n");

    Run run = can("a/cli reach a/web on 80", "-f", file);

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.out()).startsWith("unknown: ").contains("NetworkPolicy a/np");
    assertThat(can("a/web reach b/other on 80", "-f", file).out()).startsWith("unknown: ");
    assertThat(can("b/other reach a/cli on 80", "-f", file).out()).startsWith("allowed: ");
    String cut = file("cut.yaml", PODS + "---\nkind: NetworkPolicy\nspec: {\n");
    assertThat(can("b/other reach a/cli on 80", "-f", cut).out()).startsWith("unknown: ");
  }

  @Test
  void labelsOfANamespaceThatNoManifestDeclaresAreNotKnown() throws IOException {
    String policy = """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: np, namespace: a}
        spec:
          podSelector: {}
          policyTypes: [Ingress]
          ingress: [{from: [{namespaceSelector: {matchLabels: {tenant: b}}}]}]
        """;
    String open =
        file("open.yaml", (PODS + policy).replace("metadata: {name: b}", "metadata: {name: c}"));
    String question = "b/other reach a/web on 80";

    Run run = can(question, "-f", open);

    assertThat(run.status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(run.out()).contains("the labels of namespace `b`");
    assertThat(run.err()).contains("--closed");
    assertThat(can(question, "--closed", "-f", open).status()).isEqualTo(ExitStatus.NO);
    String declared = file("declared.yaml", PODS + policy);
    assertThat(can(question, "-f", declared).status()).isEqualTo(ExitStatus.NO);
  }

  @Test
  void aNamespaceThatIsNowhereIsNamedWithTheNearest() throws IOException {
    String file = file("all.yaml", PODS.replace("name: b}", "name: monitoring}"));
    String spec = file("s.postern", "namespace monitroing can never reach a/web on 80\n");

    Run run = Run.of("test", spec, "-f", file);

    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.out() + run.err()).contains("did you mean `monitoring`?");
  }

  @Test
  void whatAChangeOpensToAControllerThatIsNotThereIsADifference() throws IOException {
    String base = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: app, namespace: team}
        spec:
          selector: {matchLabels: {app: app}}
          template:
            metadata: {labels: {app: app}}
            spec: {containers: [{name: c, ports: [{containerPort: 8080}]}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: app, namespace: team}
        spec: {selector: {app: app}, ports: [{port: 80, targetPort: 8080}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: app, namespace: team}
        spec: {defaultBackend: {service: {name: app, port: {number: 80}}}}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: in, namespace: team}
        """;
    String closed = file("closed.yaml", base + "spec: {podSelector: {}, policyTypes: [Ingress]}\n");
    String opened = file(
        "open.yaml",
        base + "spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}\n");

    Run run = Run.of("diff", "--assert", "no-new-access", closed, opened);

    assertThat(run.status()).isEqualTo(ExitStatus.NO);
    assertThat(run.out()).contains("+ ingress-controller -> team/app on tcp/8080");
    assertThat(Run.of("diff", "--assert", "no-new-access", opened, closed).status())
        .isEqualTo(ExitStatus.YES);
    for (String format : new String[] {"table", "json", "csv", "md", "dot", "mermaid", "html"}) {
      Run matrix = Run.of("connectivity", "-o", format, "-f", opened);
      assertThat(matrix.status()).isEqualTo(ExitStatus.YES);
      assertThat(matrix.out()).contains("ingress-controller").doesNotContain("null -->");
    }
  }

  @Test
  void ofAKeyWrittenTwiceTheLastValueCountsAndTheObjectIsUsed() throws IOException {
    String file = file(
        "all.yaml",
        PODS
            + "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
            + "metadata: {name: np, namespace: a}\n"
            + "spec: {podSelector: {matchLabels: {x: y}}, podSelector: {}, policyTypes: [Ingress]}\n");

    Run run = can("b/other reach a/web on 80", "-f", file);

    assertThat(run.status()).isEqualTo(ExitStatus.NO);
    assertThat(run.err()).contains("warning").contains("NP212");
  }

  @Test
  void binaryIsDecoded() throws IOException {
    String file = file(
        "all.yaml",
        PODS
            + "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
            + "metadata: {name: np, namespace: a}\n"
            + "spec: {podSelector: {matchLabels: {app: !!binary d2Vi}}, policyTypes: [Ingress]}\n");

    assertThat(can("b/other reach a/web on 80", "-f", file).status()).isEqualTo(ExitStatus.NO);
  }
}
