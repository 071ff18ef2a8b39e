package dev.postern.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.NullArguments;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.classic.SparkSession;
import org.junit.jupiter.api.Test;

class NullArgumentsTest {

  @Test
  void nullFailsByTheNameOfTheArgument() {
    NullArguments tried =
        NullArguments.of(ClusterManifests.class, Dataset.class, SparkSession.class);
    assertThat(tried.calls()).isPositive();
    assertThat(tried.unnamed()).isEmpty();
  }
}
