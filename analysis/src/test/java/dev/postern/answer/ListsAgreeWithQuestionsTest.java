package dev.postern.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.Answer.Verdict;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.Protocol;
import dev.postern.question.BadSentence;
import dev.postern.testing.Probes;
import dev.postern.testing.Tries;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Test;

/** Who is on a list is who gets a yes when asked about alone, and nobody else. */
class ListsAgreeWithQuestionsTest {

  private static final AtomicLong COMPARED = new AtomicLong();

  @AfterContainer
  static void enough() {
    System.out.println("list entries compared with questions: " + COMPARED);
    assertThat(COMPARED).hasValueGreaterThan(Tries.share(5_000));
  }

  private static String traffic(Probes probes, Random random) {
    Protocol protocol = Protocol.values()[random.nextInt(4)];
    return protocol.hasPorts() ? protocol.word() + "/" + probes.port(random) : "icmp";
  }

  private static boolean mayPass(Connection connection) {
    return !connection.isDenied() || !connection.unknown().isEmpty();
  }

  @Property(tries = 300)
  void whoAndWhat(@ForAll Cluster cluster, @ForAll Random random) {
    if (cluster.workloads().isEmpty()) {
      return;
    }
    Probes probes = Probes.of(cluster, random);
    Analysis analysis = Analysis.of(cluster);
    Workload one = cluster.workloads().get(random.nextInt(cluster.workloads().size()));
    String on = " on " + traffic(probes, random);
    Answer who = analysis.ask("who can reach " + one.id() + on);
    Answer what = analysis.ask("what can " + one.id() + " reach" + on);
    for (Workload other : cluster.workloads()) {
      if (other.id().equals(one.id())) {
        continue;
      }
      compare(
          who.connections().stream().filter(c -> c.source().equals(other.id())),
          analysis.ask("can " + other.id() + " reach " + one.id() + on));
      compare(
          what.connections().stream().filter(c -> c.destination().equals(other.id())),
          analysis.ask("can " + one.id() + " reach " + other.id() + on));
    }
    for (Address address : probes.outside(cluster).stream().limit(12).toList()) {
      if (analysis.serviceAddresses().all().contains(address)) {
        continue;
      }
      compare(
          who.connections().stream().filter(c -> holds(c.sourceRange(), address)),
          analysis.ask("can " + address + " reach " + one.id() + on));
      compare(
          what.connections().stream().filter(c -> holds(c.destinationRange(), address)),
          analysis.ask("can " + one.id() + " reach " + address + on));
    }
  }

  private static boolean holds(Optional<AddressRange> range, Address address) {
    return range.filter(r -> r.contains(address)).isPresent();
  }

  @Test
  void anAddressOfAFamilyThatTheListsLeaveOutIsSaidToBeOne() {
    String manifest = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop}
        spec: {containers: [{name: c}]}
        status: {podIPs: [{ip: 10.0.0.1}]}
        """;
    Analysis analysis =
        Analysis.of(Manifests.read(Source.text("a.yaml", manifest)).cluster());
    String note =
        "no pod, node or Service of the manifests has an IPv6 address; answers that list addresses leave IPv6 out";
    assertThat(analysis.ask("can 2001:db8::1 reach shop/web on 80").notes()).contains(note);
    assertThat(analysis.ask("can 192.0.2.1 reach shop/web on 80").notes()).doesNotContain(note);
  }

  /** Several kinds of workload may share an id, as in the questions about them. */
  private static void compare(Stream<Connection> listed, Answer alone) {
    if (alone.notes().stream()
        .anyMatch(note -> note.contains("answers that list addresses leave "))) {
      return;
    }
    COMPARED.incrementAndGet();
    assertThat(listed.anyMatch(ListsAgreeWithQuestionsTest::mayPass))
        .as("%s %s", alone.question().text(), alone.verdict())
        .isEqualTo(alone.connections().stream().anyMatch(ListsAgreeWithQuestionsTest::mayPass));
    assertThat(alone.verdict() == Verdict.DENIED)
        .isEqualTo(alone.connections().stream().noneMatch(ListsAgreeWithQuestionsTest::mayPass));
  }

  @Property(tries = 300)
  void everyServiceAndEveryVerdictCanBeAskedAboutAndExplained(
      @ForAll Cluster cluster, @ForAll Random random) {
    if (cluster.workloads().isEmpty()) {
      return;
    }
    Probes probes = Probes.of(cluster, random);
    Analysis analysis = Analysis.of(cluster);
    Workload one = cluster.workloads().get(random.nextInt(cluster.workloads().size()));
    for (Service service : cluster.services()) {
      for (String source :
          List.of(one.id(), "internet", "any pod", probes.address(random).toString())) {
        for (String on : List.of("", " on " + traffic(probes, random), " on any traffic")) {
          try {
            Answer answer = analysis.ask("can " + source + " reach service " + service.id() + on);
            assertThat(analysis.why(answer)).hasSameSizeAs(answer.witnesses());
          } catch (BadSentence notThere) {
            assertThat(notThere).hasMessageContaining("there is a Service");
          }
        }
      }
    }
  }
}
