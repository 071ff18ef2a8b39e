package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Artifact;
import dev.postern.backend.Backend;
import dev.postern.backend.Draft;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.iptables.Iptables;
import dev.postern.nftables.Nftables;
import dev.postern.plan.Plan;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** An artefact that is written as a stream is the same, and no text of rules is ever one string. */
class DraftTest {

  /** No piece of rules or sets is longer than some lines; scripts are constants. */
  private static final int LONG = 1000;

  private static final Plan PLAN = Plan.of(
      RandomCluster.of(7, NftablesKernelTest.PROFILE.sized(new Profile.Size(10, 300, 3, 200, 3))));

  @Test
  void aStreamHoldsWhatTheStringsHold() throws Refusal, IOException {
    for (Backend backend : List.of(Nftables.backend(), Iptables.backend().denying(Deny.REJECT))) {
      Artifact artifact = backend.compile(PLAN, Scope.CLUSTER);
      Map<String, String> written = new TreeMap<>();
      Draft draft = backend.draft(PLAN, Scope.CLUSTER);
      draft.writeTo(name -> new StringWriter() {
        @Override
        public void write(String piece) {
          if (!name.endsWith(".sh")) {
            assertThat(piece.length()).as("a piece of %s", name).isLessThan(LONG);
          }
          super.write(piece);
        }

        @Override
        public void close() {
          written.put(name, toString());
        }
      });
      assertThat(written).isEqualTo(artifact.files());
      assertThat(written.values().stream().mapToInt(String::length).max().orElse(0))
          .isGreaterThan(20 * LONG);
      assertThat(draft.summary()).isEqualTo(artifact.summary());
    }
  }

  @Test
  void aDestinationThatFailsIsAnIoException() throws Refusal {
    Draft draft = Nftables.backend().draft(PLAN, Scope.CLUSTER);
    assertThatThrownBy(() -> draft.writeTo(name -> new Writer() {
          @Override
          public void write(char[] piece, int from, int length) throws IOException {
            throw new IOException("no space left");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        }))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no space left");
  }
}
