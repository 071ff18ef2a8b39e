package dev.postern.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Engines;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tools that go on telling of changes: what they print is a notice, and they end with whoever listens. */
class NoticesTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  void whatAToolPrintsIsANoticeAndItEndsWithThem() throws InterruptedException {
    Set<ProcessHandle> before = children();
    Set<ProcessHandle> ours;
    try (Notices notices = Notices.of(List.of(List.of("sh", "-c", "echo changed; exec cat")))) {
      ours = children();
      ours.removeAll(before);
      assertThat(ours).hasSize(1);
      assertThat(notices.await(LONG)).isTrue();
      assertThat(notices.await(Duration.ZERO)).isFalse();
    }
    ours.forEach(child -> child.onExit().join());
    assertThat(ours).noneMatch(ProcessHandle::isAlive);
  }

  private static Set<ProcessHandle> children() {
    return ProcessHandle.current().children().collect(Collectors.toSet());
  }

  @Test
  void aToolThatIsNotThereOrEndsGivesNone() throws InterruptedException {
    try (Notices notices =
        Notices.of(List.of(List.of("no-such-tool-is-there"), List.of("sh", "-c", "exit 1")))) {
      assertThat(notices.await(Duration.ofMillis(20))).isFalse();
    }
  }

  /** Until the monitor listens, what changes is not noticed: so it changes again. */
  @Test
  void nftTellsOfATableThatComes() throws IOException, InterruptedException {
    Engines.require("ip", "nft");
    String namespace = "ptn-n-" + ProcessHandle.current().pid();
    run("ip", "netns", "add", namespace);
    try (Notices notices =
        Notices.of(List.of(List.of("ip", "netns", "exec", namespace, "nft", "monitor")))) {
      boolean noticed = false;
      for (int i = 0; i < 100 && !noticed; i++) {
        run("ip", "netns", "exec", namespace, "nft", "add", "table", "inet", "t" + i);
        noticed = notices.await(Duration.ofMillis(100));
      }
      assertThat(noticed).isTrue();
    } finally {
      run("ip", "netns", "del", namespace);
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }
}
