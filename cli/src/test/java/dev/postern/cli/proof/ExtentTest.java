package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many pairs of pods a kind of difference is seen between. */
class ExtentTest {

  private static final String CLUSTER = """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress:
          - from: [{podSelector: {matchLabels: {app: web}}}]
            ports: [{port: 5432}]
      """;

  /** Two pods of a database, whose ingress is policed, and two of its clients. */
  private static final String[] PODS = {"db-0 db 11", "db-1 db 12", "web-0 web 21", "web-1 web 22"};

  private static final String RULES = """
      *filter
      :FORWARD ACCEPT [0:0]
      :DB - [0:0]
      -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
      -A FORWARD -d 10.0.1.11/32 -j DB
      -A FORWARD -d 10.0.1.12/32 -j DB
      -A DB -s 10.0.1.11/32 -d 10.0.1.11/32 -j RETURN
      -A DB -s 10.0.1.12/32 -d 10.0.1.12/32 -j RETURN
      MORE
      -A DB -s 10.0.1.21/32 -p tcp -m tcp --dport 5432 -j RETURN
      -A DB -s 10.0.1.22/32 -p tcp -m tcp --dport 5432 -j RETURN
      -A DB -j DROP
      COMMIT
      """;

  @TempDir
  private Path directory;

  private Run prove(String more, String... options) throws IOException {
    StringBuilder cluster = new StringBuilder(CLUSTER);
    for (String pod : PODS) {
      String[] parts = pod.split(" ", -1);
      cluster.append("""
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: %s, namespace: shop, labels: {app: %s}}
          spec: {containers: [{name: c, image: i}]}
          status: {podIP: 10.0.1.%s, podIPs: [{ip: 10.0.1.%s}]}
          """.formatted(parts[0], parts[1], parts[2], parts[2]));
    }
    Path manifest = Files.writeString(directory.resolve("cluster.yaml"), cluster);
    Path rules = Files.writeString(directory.resolve("rules.txt"), RULES.replace("MORE", more));
    String[] arguments = new String[5 + options.length];
    arguments[0] = "prove";
    arguments[1] = "-f";
    arguments[2] = manifest.toString();
    arguments[3] = "--iptables-save";
    arguments[4] = rules.toString();
    System.arraycopy(options, 0, arguments, 5, options.length);
    return Run.of(arguments);
  }

  private String text(String more) throws IOException {
    return prove(more).out();
  }

  @Test
  void whatFaresAsItShouldHasNoExtent() throws IOException {
    assertThat(text("-A DB -j LOG")).startsWith("proved").doesNotContain("seen between");
  }

  @Test
  void onePairOfTwelve() throws IOException {
    assertThat(text("-A DB -s 10.0.1.21/32 -d 10.0.1.12/32 -p tcp -m tcp --dport 80 -j RETURN"))
        .contains(
            "extent    seen between 1 of 12 pairs of pods, and between 0 of 4 pods and others\n");
  }

  @Test
  void aPodAndItselfAreNoPairAndWhatPoliciesAllowIsNoDifference() throws IOException {
    // Each of two is reached by three others.
    assertThat(text("-A DB -p tcp -m tcp --dport 80 -j RETURN"))
        .contains(
            "more open, policies: ",
            "seen between 6 of 12 pairs of pods, and between 2 of 4 pods and others\n");
    assertThat(text("-A DB -s 10.0.1.0/24 -p tcp -m tcp --dport 5432 -j RETURN"))
        .contains("seen between 2 of 12 pairs of pods, and between 2 of 4 pods and others\n");
  }

  @Test
  void eachKindAndSideIsCountedByItself() throws IOException {
    String text = text(
        "-A DB -s 10.0.1.21/32 -p tcp -m tcp --dport 5432 -j DROP\n-A DB -s 10.0.1.0/28 -p icmp -j RETURN");
    assertThat(text)
        .containsPattern(
            "more closed, policies: .*seen between 2 of 12 pairs of pods, and between 0 of 4 pods")
        .containsPattern(
            "more open, icmp: .*seen between 2 of 12 pairs of pods, and between 2 of 4 pods");
  }

  @Test
  void whatIsLostBetweenPodsThatNoPolicyRestrictsIsCountedToo() throws IOException {
    assertThat(text("-A FORWARD -s 10.0.1.21/32 -d 10.0.1.22/32 -p tcp -j DROP"))
        .contains("seen between 1 of 12 pairs of pods, and between 0 of 4 pods and others\n");
  }

  @Test
  void jsonSaysTheSameNumbers() throws IOException {
    String more = "-A DB -s 10.0.1.21/32 -d 10.0.1.12/32 -p tcp -m tcp --dport 80 -j RETURN";
    JsonNode extent = new ObjectMapper()
        .readTree(prove(more, "-o", "json").out())
        .path("differences")
        .path(0)
        .path("extent");
    assertThat(extent.toString())
        .isEqualTo("{\"podPairs\":1,\"ofPodPairs\":12,\"podsWithOthers\":0,\"ofPods\":4}");
  }
}
