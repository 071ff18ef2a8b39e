package dev.postern.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.meaning.Options;
import dev.postern.testing.PolicyMutation;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import dev.postern.testing.Tries;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/** Which choices that Kubernetes leaves open an answer speaks of, against asking again with each of them made the other way. */
class OpenChoicesTest {

  private static final AtomicLong CHANGED = new AtomicLong();
  private static final AtomicLong SAME = new AtomicLong();

  @AfterContainer
  static void bothWereThere() {
    assertThat(CHANGED).hasValueGreaterThan(Tries.share(10));
    assertThat(SAME).hasValueGreaterThan(Tries.share(1_000));
  }

  private static Cluster cluster(Random random) {
    while (true) {
      Cluster cluster = RandomCluster.of(random.nextLong(), Profile.EVERYTHING);
      if (cluster.workloads().size() > 1) {
        return cluster;
      }
    }
  }

  private static String question(Cluster cluster, Random random) {
    List<Workload> all = cluster.workloads();
    String source = all.get(random.nextInt(all.size())).id();
    String destination = all.get(random.nextInt(all.size())).id();
    String port = String.valueOf(List.of(80, 443, 5432, 8080).get(random.nextInt(4)));
    return switch (random.nextInt(4)) {
      case 0 -> "can " + source + " reach " + destination;
      case 1 -> "can any pod reach " + destination + " on " + port;
      default -> "can " + source + " reach " + destination + " on " + port;
    };
  }

  @Property(tries = 600, shrinking = ShrinkingMode.OFF)
  void aChoiceThatChangesAnAnswerIsToldOf(@ForAll long seed) {
    Random random = new Random(seed);
    Cluster cluster = cluster(random);
    Options options = random.nextInt(4) == 0
        ? Options.DEFAULT.withMissingAddress(Options.MissingAddress.PRIVATE)
        : Options.DEFAULT;
    Analysis analysis = Analysis.of(cluster, options);
    for (int i = 0; i < 3; i++) {
      holds(analysis, question(cluster, random), options);
    }
    // The same of what goes on from it.
    Cluster changed = PolicyMutation.values()[random.nextInt(PolicyMutation.values().length)]
        .of(cluster, random)
        .orElse(cluster);
    Analysis later = analysis.after(changed);
    Analysis anew = Analysis.of(changed, options);
    for (int i = 0; i < 2; i++) {
      String question = question(changed, random);
      assertThat(later.ask(question)).as(question).isEqualTo(anew.ask(question));
      holds(later, question, options);
    }
  }

  private static void holds(Analysis analysis, String question, Options options) {
    Answer answer;
    try {
      answer = analysis.ask(question);
    } catch (dev.postern.question.BadSentence ambiguous) {
      return;
    }
    Options turned = AlternativeReading.Choice.MISSING_ADDRESS.turned(options);
    Answer other = Analysis.of(analysis.cluster(), turned).ask(question);
    Optional<AlternativeReading> told = answer.alternatives().stream()
        .filter(each -> each.choice() == AlternativeReading.Choice.MISSING_ADDRESS)
        .findFirst();
    Optional<AlternativeReading> wanted =
        AlternativeReading.of(AlternativeReading.Choice.MISSING_ADDRESS, turned, answer, other);
    assertThat(told).as("%s of %s", question, analysis.cluster()).isEqualTo(wanted);
    (wanted.isPresent() ? CHANGED : SAME).incrementAndGet();
  }
}
