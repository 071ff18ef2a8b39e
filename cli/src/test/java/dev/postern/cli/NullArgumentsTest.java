package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.WriterBasedJsonGenerator;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.postern.bpf.Bpf;
import dev.postern.cluster.Cluster;
import dev.postern.nftables.Nftables;
import dev.postern.ovn.Ovn;
import dev.postern.page.PageEngine;
import dev.postern.plan.Plan;
import dev.postern.policytest.ClusterAssert;
import dev.postern.question.Question;
import dev.postern.testing.NullArguments;
import dev.postern.verify.Verifier;
import java.io.ByteArrayInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All modules that the command is made of, and the one that tests policies. */
class NullArgumentsTest {

  @ParameterizedTest
  @ValueSource(
      classes = {
        Cluster.class,
        Plan.class,
        Nftables.class,
        Ovn.class,
        Bpf.class,
        Question.class,
        PageEngine.class,
        Verifier.class,
        ClusterAssert.class,
        Postern.class
      })
  void nullFailsByTheNameOfTheArgument(Class<?> inTheModule) {
    NullArguments tried = NullArguments.of(
        inTheModule, NullNode.class, WriterBasedJsonGenerator.class, ByteArrayInputStream.class);
    assertThat(tried.calls()).isPositive();
    assertThat(tried.unnamed()).isEmpty();
  }
}
