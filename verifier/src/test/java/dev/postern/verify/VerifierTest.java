package dev.postern.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.answer.AlternativeReading;
import dev.postern.answer.AlternativeReading.Choice;
import dev.postern.answer.Answer;
import dev.postern.answer.Answer.Verdict;
import dev.postern.answer.Connection;
import dev.postern.answer.Reason;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.question.BadSentence;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerifierTest {

  private static final String PODS = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {env: prod}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web-1, namespace: shop, labels: {app: web}}
      spec: {nodeName: n1, containers: [{name: c, image: i}]}
      status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: "2001:db8::1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {nodeName: n1, containers: [{name: c, image: i}]}
      status: {podIP: 10.0.0.2, podIPs: [{ip: 10.0.0.2}, {ip: "2001:db8::2"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: lab, labels: {app: db}}
      spec: {containers: [{name: c, image: i}]}
      status: {podIP: 10.0.1.2}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: job, namespace: lab}
      spec: {selector: {matchLabels: {app: job}}, template: {metadata: {labels: {app: job}}, spec: {containers: [{name: c, image: i}]}}}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n1}
      status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}
      """;

  /** Pods of app db in shop take TCP 5432 from a block of addresses. */
  private static final String BLOCK = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/24}}], ports: [{port: 5432}]}]}
      """;

  private static Verifier verifier(Options options, String... manifests) {
    Loaded loaded =
        Manifests.read(Source.text("t.yaml", PODS + "---\n" + String.join("---\n", manifests)));
    assertThat(loaded.diagnostics()).noneMatch(Diagnostic::isError);
    return Verifier.of(loaded.cluster(), options);
  }

  private static Answer ask(String question, String... manifests) {
    return verifier(Options.DEFAULT, manifests).ask(question);
  }

  private static void refuses(String question, String... words) {
    assertThatThrownBy(() -> ask(question))
        .isInstanceOf(BadSentence.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void anAnswerNamesTheRulesWithTheirPlaces() {
    assertThat(ask("can 10.0.0.1 reach 10.0.0.2 on 5432", BLOCK).because())
        .extracting(Reason::toString)
        .singleElement()
        .asString()
        .startsWith("shop/db ingress[0] (t.yaml:");
  }

  @Test
  void theAddressOfAPodMeansThePod() {
    Answer answer = ask("can 10.0.0.1 reach shop/db on 5432", BLOCK);

    assertThat(answer.connections().get(0).source()).isEqualTo("shop/web-1");
    assertThat(answer.notes()).contains("10.0.0.1 is the address of shop/web-1");
  }

  @Test
  void theFamiliesAreJudgedApart() {
    assertThat(ask("can shop/web-1 reach shop/db on 5432", BLOCK).verdict())
        .isEqualTo(Verdict.PARTIAL);
    assertThat(ask("can 10.0.0.1 reach shop/db on 5432", BLOCK).verdict())
        .isEqualTo(Verdict.ALLOWED);
    assertThat(ask("can 2001:db8::1 reach shop/db on 5432", BLOCK).verdict())
        .isEqualTo(Verdict.DENIED);
  }

  @Test
  void addressesOfDifferentFamiliesCannotReachEachOther() {
    Answer answer = ask("can 2001:db8::1 reach lab/db");

    assertThat(answer.verdict()).isEqualTo(Verdict.DENIED);
    assertThat(answer.notes())
        .contains("an IPv4 address and an IPv6 address cannot reach each other");
  }

  @Test
  void whereAnotherChoiceGivesAnotherVerdictTheAnswerSaysSo() {
    Answer answer = ask("can 10.0.0.1 reach shop/db on 5432", BLOCK);

    assertThat(answer.alternatives())
        .containsExactly(new AlternativeReading(
            Choice.IP_BLOCK_MATCHES_PODS,
            Options.DEFAULT.withIpBlockMatchesPods(false),
            Optional.of(Verdict.DENIED)));
  }

  @Test
  void whereTheOtherChoiceWasTakenTheAnswerSaysSoToo() {
    Answer answer = verifier(Options.DEFAULT.withIpBlockMatchesPods(false), BLOCK)
        .ask("can 10.0.0.1 reach shop/db on 5432");

    assertThat(answer.verdict()).isEqualTo(Verdict.DENIED);
    assertThat(answer.alternatives())
        .containsExactly(new AlternativeReading(
            Choice.IP_BLOCK_MATCHES_PODS, Options.DEFAULT, Optional.of(Verdict.ALLOWED)));
  }

  @Test
  void aPodsOwnNodeReachesItWhateverPoliciesSay() {
    Answer answer = ask("can 192.168.0.1 reach shop/db on 80", BLOCK);

    assertThat(answer.verdict()).isEqualTo(Verdict.ALLOWED);
    assertThat(answer.alternatives())
        .contains(new AlternativeReading(
            Choice.NODE_TRAFFIC_PASSES,
            Options.DEFAULT.withNodeTrafficPasses(false),
            Optional.of(Verdict.DENIED)));
  }

  @Test
  void aChoiceThatChangesNothingIsNotMentioned() {
    assertThat(ask("can 203.0.113.7 reach shop/db on 5432", BLOCK).alternatives())
        .isEmpty();
  }

  @Test
  void aNameThatIsThereTwiceNeedsItsNamespace() {
    refuses("can db reach shop/web-1", "there is a workload `db` in `lab` and `shop`", "`lab/db`");
    assertThat(
            verifier(Options.DEFAULT).inNamespace("lab").ask("can db reach job").connections())
        .extracting(Connection::source)
        .containsOnly("lab/db");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "can shop/dbb reach lab/db | no workload or pod is named `dbb` in namespace `shop` | did you mean `shop/db`",
        "can shpo/db reach lab/db | there is no namespace `shpo` | did you mean `shop`",
        "can shop reach lab/db | is a namespace | write `namespace shop`",
        "can any pod in namespace nowhere reach lab/db | there is no namespace `nowhere` | no namespace",
        "can pods app=wbe in shop reach lab/db | no pod there matches `app=wbe` | `app` is there as `db` and `web`",
        "can pods tier=x in shop reach lab/db | no pod there matches | no pod has a label `tier`",
        "can any pod in namespaces kubernetes.io/metadata.name=nope reach lab/db | no pod is there | no workload in it",
        "can lab/db reach service lab/db | there is no Service `lab/db` | there is no Service"
      })
  void whatIsNotThereIsSaidWithWhatIs(String question, String problem, String hint) {
    refuses(question, problem, hint);
  }

  @Test
  void labelsOfNamespacesThatNobodyDeclaresMayBeThoseThatAreAskedFor() {
    Answer answer = ask("can any pod in namespaces env=nope reach lab/db", BLOCK);
    assertThat(answer.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(answer.notes())
        .contains("it depends on the labels of namespace lab, which no manifest declares");
  }

  @Test
  void aPodReachesItself() {
    Answer answer = ask("can lab/db reach lab/db on 1");

    assertThat(answer.verdict()).isEqualTo(Verdict.ALLOWED);
    assertThat(answer.notes()).contains("a pod always reaches itself");
  }

  @Test
  void aPodsCallsToItselfDoNotMakeAYes() {
    String deny = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: none, namespace: lab}
        spec: {podSelector: {}}
        """;
    assertThat(ask("can any pod in lab reach any pod in lab", deny).verdict())
        .isEqualTo(Verdict.DENIED);
  }

  @Test
  void aDomainNameIsReachedOnlyByName() {
    String byName = """
        apiVersion: policy.networking.k8s.io/v1alpha2
        kind: ClusterNetworkPolicy
        metadata: {name: names}
        spec:
          tier: Admin
          priority: 5
          subject: {namespaces: {matchLabels: {kubernetes.io/metadata.name: lab}}}
          egress:
            - {action: Accept, to: [{domainNames: [api.example.com]}]}
            - {action: Deny, to: [{networks: [0.0.0.0/0]}]}
        """;
    assertThat(ask("can lab/db reach api.example.com on 443", byName).verdict())
        .isEqualTo(Verdict.ALLOWED);
    Answer bare = ask("can lab/db reach 203.0.113.7 on 443", byName);
    assertThat(bare.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(bare.notes())
        .contains(
            "it depends on whether 203.0.113.7 is an address of api.example.com, which no manifest says");
    assertThat(ask("can lab/db reach www.example.com on 443", byName).notes())
        .containsExactly("the addresses of www.example.com are not known, and rules go by address");
  }

  @Test
  void anIngressControllerThatIsNotInTheManifestsIsAmongThoseWhoReachItsBackends() {
    String ingress = """
        apiVersion: v1
        kind: Service
        metadata: {name: job, namespace: lab}
        spec: {selector: {app: job}, ports: [{port: 80, targetPort: 8080}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: job, namespace: lab}
        spec: {defaultBackend: {service: {name: job, port: {number: 80}}}}
        """;

    assertThat(ask("who can reach lab/job", ingress).connections())
        .filteredOn(c -> c.source().equals("ingress-controller"))
        .singleElement()
        .satisfies(c -> assertThat(c.allowed()).hasToString("tcp/8080"));
    assertThat(ask("who can reach lab/db", ingress).connections())
        .noneMatch(c -> c.source().equals("ingress-controller"));
    assertThat(ask("can ingress-controller reach lab/job on 8080", ingress).verdict())
        .isEqualTo(Verdict.ALLOWED);
  }

  @Test
  void internetIsPublicAddressesOfTheFamiliesInUse() {
    String open = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: out, namespace: lab}
        spec:
          podSelector: {}
          policyTypes: [Egress]
          egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16]}}]}]
        """;
    // lab/db has IPv4 alone; shop's pods have both families, and the template may have.
    assertThat(ask("can lab/db reach internet on 443", open).verdict()).isEqualTo(Verdict.ALLOWED);
    assertThat(ask("can lab/job reach internet on 443", open).verdict()).isEqualTo(Verdict.PARTIAL);
  }

  @Test
  void aChangeNamesTheBlockThatWasAskedAbout() {
    String deny = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: none, namespace: lab}
        spec: {podSelector: {}}
        """;
    Verifier verifier = verifier(Options.DEFAULT, deny);

    assertThat(verifier
            .why(verifier.ask("can 203.0.113.0/24 reach lab/db on 80"))
            .get(0)
            .change())
        .hasValueSatisfying(
            change -> assertThat(change.steps())
                .singleElement()
                .asString()
                .startsWith(
                    "add `{from: [{ipBlock: {cidr: \"203.0.113.0/24\"}}], ports: [{port: 80}]}` to `ingress` of lab/none"));
  }

  @Test
  void anAdminPolicysDenialIsTurnedByARuleBeforeIt() {
    String deny = """
        apiVersion: policy.networking.k8s.io/v1alpha1
        kind: AdminNetworkPolicy
        metadata: {name: closed}
        spec:
          priority: 5
          subject: {namespaces: {}}
          ingress: [{action: Deny, from: [{namespaces: {}}]}]
        """;
    Verifier verifier = verifier(Options.DEFAULT, deny);

    assertThat(verifier
            .why(verifier.ask("can shop/web-1 reach lab/db on 80"))
            .get(0)
            .change())
        .hasValueSatisfying(change -> assertThat(change.steps())
            .singleElement()
            .asString()
            .startsWith("add `{action: Allow, from: [{pods: {namespaceSelector:")
            .contains("to closed (t.yaml:", "before ingress[0]"));
  }
}
