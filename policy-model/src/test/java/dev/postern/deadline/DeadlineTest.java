package dev.postern.deadline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {

  private final AtomicLong clock = new AtomicLong(-5);

  private final Deadline second = Deadline.after(Duration.ofSeconds(1), clock::get);

  @Test
  void nothingHappensWhileThereIsTime() {
    second.check();
    clock.addAndGet(999_999_999);
    second.check();

    assertThat(second.hasPassed()).isFalse();
  }

  @Test
  void workEndsOnceTheMomentHasCome() {
    clock.addAndGet(1_000_000_000);

    assertThatThrownBy(second::check)
        .isInstanceOf(Deadline.Passed.class)
        .hasMessage("it was not decided within 1 s");
  }

  @Test
  void whatIsBegunUnderADeadlineFindsItAndNobodyElseDoes() {
    assertThat(Deadline.current()).isSameAs(Deadline.NONE);
    assertThat(second.<Deadline, RuntimeException>during(Deadline::current)).isSameAs(second);
    assertThatThrownBy(() -> second.during(() -> {
          throw new IllegalStateException("ended");
        }))
        .hasMessage("ended");
    assertThat(Deadline.current()).isSameAs(Deadline.NONE);
  }

  @Test
  void anInnerDeadlineHoldsUntilItsWorkIsDone() {
    Deadline inner = Deadline.after(Duration.ofMillis(1_500), clock::get);
    second.during(() -> {
      assertThat(inner.<Deadline, RuntimeException>during(Deadline::current)).isSameAs(inner);
      assertThat(Deadline.current()).isSameAs(second);
      return "";
    });
    clock.addAndGet(1_500_000_000);
    assertThatThrownBy(inner::check).hasMessage("it was not decided within 1500 ms");
  }

  @Test
  void aStepGetsNoMoreTimeThanIsLeft() {
    clock.addAndGet(900_000_000);

    assertThat(second.atMost(Duration.ofSeconds(30))).isEqualTo(Duration.ofMillis(100));
    assertThat(second.atMost(Duration.ofMillis(20))).isEqualTo(Duration.ofMillis(20));
    assertThat(Deadline.NONE.atMost(Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(30));

    clock.addAndGet(900_000_000);
    assertThat(second.atMost(Duration.ofSeconds(30))).isEqualTo(Duration.ofMillis(1));
  }

  @Test
  void othersAreWaitedForUntilTimeIsOver() throws InterruptedException {
    assertThat(second.<String>await("a server", () -> "its answer", () -> {}))
        .isEqualTo("its answer");
    assertThatThrownBy(() -> second.await(
            "a server",
            () -> {
              throw new IllegalStateException("it refuses");
            },
            () -> {}))
        .hasMessage("it refuses");
    CountDownLatch abandoned = new CountDownLatch(1);
    assertThatThrownBy(() -> second.await(
            "a server",
            () -> {
              clock.addAndGet(1_000_000_000);
              try {
                abandoned.await();
              } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
              }
              return "";
            },
            abandoned::countDown))
        .isInstanceOf(Deadline.Passed.class)
        .hasMessage("it was not decided within 1 s: a server did not answer in time");
    abandoned.await();
  }
}
