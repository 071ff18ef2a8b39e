package dev.postern.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.answer.Answer.Verdict;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Workload;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.net.Protocol;
import dev.postern.question.BadSentence;
import dev.postern.testing.Clusters;
import dev.postern.testing.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Test;

class HypotheticalPodsTest {

  private static final AtomicInteger FIRM = new AtomicInteger();
  private static final AtomicInteger OPEN = new AtomicInteger();

  private static final String SHOP = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.0.0.2}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress:
          - from: [{podSelector: {matchLabels: {app: web}}}]
            ports: [{port: 5432}]
          - from: [{ipBlock: {cidr: 10.0.0.0/24}}]
            ports: [{port: 6000}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: web}}
        policyTypes: [Ingress]
        ingress: [{ports: [{port: http}, {port: 9000}]}]
      """;

  @Test
  void aPodThatNoManifestHoldsIsJudgedByItsLabelsAndTheAnswerSaysSo() {
    Answer answer = ask("can a pod app=web in shop reach shop/db on 5432");
    assertThat(answer.verdict()).isEqualTo(Verdict.ALLOWED);
    assertThat(answer.notes())
        .contains(
            "shop/(app=web) is a pod of exactly these labels, which no manifest holds: its address, node and ports are not known, and it is taken not to be on the host network");
    assertThat(ask("can a pod with app=other,tier=x in namespace shop reach shop/db on 5432")
            .verdict())
        .isEqualTo(Verdict.DENIED);
  }

  @Test
  void wherePodsHaveTheseLabelsTheAnswerNamesThem() {
    assertThat(ask("can a pod app=db in shop reach shop/db on 5432").notes())
        .anyMatch(note -> note.contains("as shop/db has them"));
  }

  @Test
  void anAddressThatIsNotKnownMayChangeTheAnswer() {
    Answer answer = ask("can a pod app=other in shop reach shop/db on 6000");
    assertThat(answer.verdict()).isEqualTo(Verdict.DENIED);
    assertThat(answer.alternatives())
        .extracting(AlternativeReading::choice)
        .contains(AlternativeReading.Choice.MISSING_ADDRESS);
  }

  @Test
  void aPortByItsNameMakesItUnknownWhereItDecides() {
    Answer answer = ask("can shop/db reach a pod app=web in shop on 8080");
    assertThat(answer.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(answer.notes())
        .contains(
            "policies name ports (http), and by which ports the pod gives these names the answer changes");
    assertThat(ask("can shop/db reach a pod app=web in shop on 9000").verdict())
        .isEqualTo(Verdict.ALLOWED);
    assertThat(ask("can shop/db reach a pod app=web in shop on icmp").verdict())
        .isEqualTo(Verdict.DENIED);
  }

  @Test
  void whoCanReachItLeavesItOut() {
    Answer answer = ask("who can reach a pod app=other in shop");
    assertThat(answer.connections())
        .extracting(Connection::source)
        .contains("shop/db")
        .doesNotContain("shop/(app=other)");
    assertThat(ask("can any pod in shop reach a pod app=web in shop on 9000").connections())
        .extracting(Connection::source)
        .containsExactly("shop/db");
  }

  @Test
  void whyExplainsItsFlow() {
    Analysis analysis = analysis(cluster());
    assertThat(analysis.why(analysis.ask("can a pod app=other in shop reach shop/db on 5432")))
        .singleElement()
        .satisfies(
            explanation -> assertThat(explanation.ingress().decision().causes()).isNotEmpty());
  }

  @Test
  void whatDoesNotSayOnePodOfANamespaceThatIsThereIsRefused() {
    for (String sentence : List.of(
        "can a pod app=web reach shop/db",
        "can a pod app=web in nowhere reach shop/db",
        "can a pod app!=web in shop reach shop/db",
        "can a pod app=a,app=b in shop reach shop/db",
        "can a pod app in (a,b) in shop reach shop/db")) {
      assertThatThrownBy(() -> ask(sentence)).as(sentence).isInstanceOf(BadSentence.class);
    }
    assertThatThrownBy(() -> ask("can pods app=web in shop reach shop/db"))
        .hasMessageContaining("`a pod app=web in shop` means one that need not be there");
  }

  @Test
  void aWorkloadMayStillBeCalledA() {
    Cluster cluster = Manifests.read(
            Source.text(
                "a.yaml",
                "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: x}\nspec: {containers: [{name: c}]}\n"))
        .cluster();
    assertThat(analysis(cluster).ask("can a reach internet").verdict()).isEqualTo(Verdict.ALLOWED);
  }

  /** Taken away from the manifests, a pod of which nothing but labels is known is judged as it was. */
  @Property(tries = 200)
  void aPodThatIsTakenAwayIsJudgedAsItWas(
      @ForAll("clusters") Cluster cluster, @ForAll Random random) {
    List<Workload> plain = new ArrayList<>(cluster.workloads());
    // A sentence cannot say that a label's value is empty.
    plain.removeIf(workload -> workload.labels().size() == 0
        || workload.labels().asMap().containsValue("")
        || workload.hostNetwork());
    if (plain.isEmpty() || cluster.workloads().size() < 2) {
      return;
    }
    Workload gone = plain.get(random.nextInt(plain.size()));
    List<Workload> others = new ArrayList<>(cluster.workloads());
    others.remove(gone);
    Workload other = others.get(random.nextInt(others.size()));
    if (others.stream().filter(each -> each.id().equals(other.id())).count() > 1) {
      return;
    }
    String pod = "a pod " + labels(gone) + " in " + gone.namespace();
    boolean calls = random.nextBoolean();
    int port = List.of(80, 443, 8080, 5432).get(random.nextInt(4));
    String sentence = "can " + (calls ? pod + " reach " + other.id() : other.id() + " reach " + pod)
        + " on " + port;
    Verdict supposed = analysis(cluster.withWorkloads(others)).ask(sentence).verdict();

    List<ContainerPort> ports = new ArrayList<>();
    if (!calls) {
      NamedPortReadings.names(cluster).stream()
          .filter(name -> random.nextBoolean())
          .forEach(name -> ports.add(new ContainerPort(
              name, Protocol.TCP, random.nextBoolean() ? port : 1 + random.nextInt(65535))));
    }
    Workload there = new Workload(
        gone.namespace(),
        "was-there",
        "Deployment",
        gone.labels(),
        ports,
        false,
        List.of(),
        gone.origin());
    List<Workload> all = new ArrayList<>(others);
    all.add(there);
    String named = "can "
        + (calls ? there.id() + " reach " + other.id() : other.id() + " reach " + there.id())
        + " on " + port;
    Verdict was = analysis(cluster.withWorkloads(all)).ask(named).verdict();
    if (calls || supposed != Verdict.UNKNOWN) {
      assertThat(supposed).as("%s with ports %s", sentence, ports).isEqualTo(was);
    }
    (supposed == Verdict.UNKNOWN ? OPEN : FIRM).incrementAndGet();
  }

  /** Else the property above would prove nothing. */
  @AfterContainer
  static void manyAnswersWereFirm() {
    assertThat(FIRM.get()).isGreaterThanOrEqualTo(OPEN.get() / 20);
  }

  @Provide
  Arbitrary<Cluster> clusters() {
    return Clusters.of(Profile.EVERYTHING);
  }

  private static String labels(Workload workload) {
    List<String> labels = new ArrayList<>();
    workload.labels().forEach((key, value) -> labels.add(key + "=" + value));
    return String.join(",", labels);
  }

  private static Answer ask(String sentence) {
    return analysis(cluster()).ask(sentence);
  }

  private static Analysis analysis(Cluster cluster) {
    return Analysis.of(cluster);
  }

  private static Cluster cluster() {
    return Manifests.read(Source.text("shop.yaml", SHOP)).cluster();
  }
}
