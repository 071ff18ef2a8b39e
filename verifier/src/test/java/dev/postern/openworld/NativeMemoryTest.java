package dev.postern.openworld;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.z3.Native;
import dev.postern.meaning.End;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.NamespaceSelection;
import dev.postern.selector.Selector;
import dev.postern.solver.Limits;
import dev.postern.testing.shape.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Native memory does not grow with the number of questions; `-Dquestions=10000` asks more. */
class NativeMemoryTest {

  /** As many as it takes to start afresh a few times. */
  private static final int QUESTIONS = Integer.getInteger("questions", 1700);

  /** By then a context has grown as far as one does. */
  private static final int FIRST = 600;

  @Test
  void itIsBoundedHoweverManyQuestionsAreAsked() {
    Plan plan = Plan.of(Shape.W1_TENANT_TEMPLATE.cluster(42, 0.05));
    OpenWorld world = OpenWorld.of(plan);
    List<String> namespaces = List.copyOf(plan.cluster().namespaces().keySet());
    List<End.InPod> pods = plan.classes().endpoints();
    Random random = new Random(1);
    long first = 0;
    long later = 0;
    int undecided = 0;
    for (int i = 0; i < QUESTIONS; i++) {
      String namespace = namespaces.get(random.nextInt(namespaces.size()));
      OpenOutcome outcome = world.ask(
          new Role.AnyPod(new NamespaceSelection.Named(namespace), Selector.EVERYTHING),
          new Role.Existing(List.of(pods.get(random.nextInt(pods.size())))),
          Traffic.tcp(1 + random.nextInt(65535)),
          Limits.DEFAULT);
      undecided += outcome instanceof OpenOutcome.Undecided ? 1 : 0;
      long now = Native.getEstimatedAllocSize();
      if (i < FIRST) {
        first = Math.max(first, now);
      } else {
        later = Math.max(later, now);
      }
    }
    System.out.printf(
        "Z3 held at most %d kB in the first %d questions, %d kB in the next %d%n",
        first / 1024, FIRST, later / 1024, QUESTIONS - FIRST);
    assertThat(undecided).isZero();
    assertThat(first).isPositive();
    // Other tests of this JVM may leave some behind; a leak of all that questions take is many
    // times as much.
    assertThat(later).isLessThan(2 * first + (4 << 20));
  }
}
