package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postern.backend.Artifact;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.bpf.Bpf;
import dev.postern.bpf.BpfDumps;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.testing.ClusterFeature;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Tries of random clusters, read back and proved; and broken ones, which no proof lets pass. */
class BpfProofTest {

  private static final Profile PROFILE =
      Profile.EVERYTHING.without(ClusterFeature.MISSING_ADDRESSES, ClusterFeature.DOMAIN_NAMES);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What can go wrong with a map. */
  enum Mutation {
    DROPPED_ENTRY,
    FLIPPED_VERDICT,
    SWAPPED_DIRECTION,
    SHORTER_PREFIX,
    LONGER_PREFIX,
    FLIPPED_KEY_BIT,
    /** An entry for one port that says the opposite of a wider one that is there. */
    MISSING_PRUNE,
    FLIPPED_BIT_OF_ADDRESS,
    SHORTER_NETWORK,
    OTHER_IDENTITY
  }

  @Property(tries = 400)
  void triesAreProved(@ForAll long seed, @ForAll("options") Options options) throws Refusal {
    Cluster cluster = RandomCluster.of(seed, PROFILE);
    Plan plan = Plan.of(cluster, options);
    Scope scope = seed % 3 == 0 && !cluster.nodes().isEmpty()
        ? Scope.node(cluster.nodes().get(0).name())
        : Scope.CLUSTER;
    Artifact artifact = Bpf.backend().compile(plan, scope);
    Reading reading = read(artifact.file("identities.json"), artifact.file("policy.json"), cluster);
    assertThat(reading.problems()).isEmpty();
    Proof proof = Prover.prove(plan, scope, reading.rules(), reading.contract());
    assertThat(proof.verdict()).as(proof::toString).isEqualTo(Proof.Verdict.PROVED);
  }

  @Provide
  Arbitrary<Options> options() {
    return Arbitraries.of(true, false)
        .tuple2()
        .map(t -> new Options(t.get1(), t.get2(), Options.HostNetwork.NODE));
  }

  /** A mutant that is proved all the same must be one: then no flow tells it from the original. */
  @Test
  void everyMutantIsCaught() throws Refusal, IOException {
    Map<Mutation, int[]> tally = new EnumMap<>(Mutation.class);
    for (int seed = 0; seed < 120; seed++) {
      Random random = new Random(seed);
      Cluster cluster = RandomCluster.of(seed, PROFILE);
      Plan plan = Plan.of(cluster);
      Artifact artifact = Bpf.backend().compile(plan, Scope.CLUSTER);
      for (Mutation mutation : Mutation.values()) {
        boolean inIdentities = mutation.compareTo(Mutation.FLIPPED_BIT_OF_ADDRESS) >= 0;
        Optional<String> broken = mutant(
            artifact.file(inIdentities ? "identities.json" : "policy.json"), mutation, random);
        if (broken.isEmpty()) {
          continue;
        }
        Reading reading = inIdentities
            ? read(broken.get(), artifact.file("policy.json"), cluster)
            : read(artifact.file("identities.json"), broken.get(), cluster);
        tally.computeIfAbsent(mutation, key -> new int[3])[outcome(plan, reading, random)]++;
      }
    }
    tally.forEach((kind, count) -> System.out.println("bpf mutants, " + kind + ": " + count[0]
        + " refuted, " + count[1] + " not even readable, " + count[2] + " without effect"));
    assertThat(tally).hasSize(Mutation.values().length);
    tally.forEach(
        (kind, count) -> assertThat(count[0] + count[1]).as(kind.name()).isPositive());
  }

  @Test
  void aDumpThatIsNoneIsSaidWithItsPlace() {
    Reading reading = read("[{\"key\":[\"0x00\"],\"value\":[]}]", "[]", Cluster.EMPTY);
    assertThat(reading.problems())
        .singleElement()
        .asString()
        .startsWith("identities:1:")
        .contains("24 bytes, not 1");
    assertThat(read("{", "[]", Cluster.EMPTY).problems())
        .singleElement()
        .asString()
        .startsWith("identities:1:1: error: expected an array of entries");
    assertThat(read("[]", "[{\"key\":[7]}]", Cluster.EMPTY).problems())
        .singleElement()
        .asString()
        .startsWith("policy:1:");
  }

  private static int outcome(Plan plan, Reading broken, Random random) {
    if (!broken.problems().isEmpty()) {
      return 1;
    }
    Proof proof = Prover.prove(plan, Scope.CLUSTER, broken.rules(), broken.contract());
    if (proof.verdict() != Proof.Verdict.PROVED) {
      return 0;
    }
    assertThat(new Sampled(plan).differences(broken.rules(), random, 300))
        .allMatch(BpfProofTest::isToItself);
    return 2;
  }

  /** Whether a difference is about a pod's traffic to itself, which the contract leaves open. */
  private static boolean isToItself(String difference) {
    int arrow = difference.indexOf(" -> ");
    return difference.startsWith(difference.substring(0, arrow) + " ", arrow + 4);
  }

  private static Optional<String> mutant(String dump, Mutation mutation, Random random)
      throws IOException {
    ArrayNode entries = (ArrayNode) JSON.readTree(dump);
    if (entries.isEmpty()) {
      return Optional.empty();
    }
    int index = random.nextInt(entries.size());
    ObjectNode entry = (ObjectNode) entries.get(index);
    ArrayNode key = (ArrayNode) entry.get("key");
    ArrayNode value = (ArrayNode) entry.get("value");
    switch (mutation) {
      case DROPPED_ENTRY -> entries.remove(index);
      case FLIPPED_VERDICT -> change(value, 0, b -> b ^ 1);
      case SWAPPED_DIRECTION -> change(key, 12, b -> b ^ 1);
      case SHORTER_PREFIX, SHORTER_NETWORK -> change(key, 0, b -> b - 1);
      case LONGER_PREFIX -> change(key, 0, b -> b + 1);
      case FLIPPED_KEY_BIT -> {
        int bit = random.nextInt(96);
        change(key, 4 + bit / 8, b -> b ^ 1 << bit % 8);
      }
      case FLIPPED_BIT_OF_ADDRESS -> {
        int bit = random.nextInt(64);
        change(key, 4 + bit / 8, b -> b ^ 1 << bit % 8);
      }
      case MISSING_PRUNE -> {
        ObjectNode narrower = entry.deepCopy();
        ArrayNode port = (ArrayNode) narrower.get("key");
        int bits = Integer.decode(port.get(0).asText());
        if (bits == 96) {
          return Optional.empty();
        }
        change(port, 0, b -> 96);
        change(port, 13, b -> bits < 80 ? 6 : b);
        change(port, 15, b -> b | 1);
        change((ArrayNode) narrower.get("value"), 0, b -> b ^ 1);
        entries.add(narrower);
      }
      case OTHER_IDENTITY -> change(value, 0, b -> b + 1);
    }
    return Optional.of(entries.toString());
  }

  private static void change(ArrayNode bytes, int at, IntUnaryOperator how) {
    int old = Integer.parseInt(bytes.get(at).asText().substring(2), 16);
    bytes.set(at, String.format("0x%02x", how.applyAsInt(old) & 255));
  }

  private static Reading read(String identities, String policy, Cluster cluster) {
    return new BpfDumps()
        .read(
            Map.of(
                "bpf-identities", List.of(new Dump("identities", identities)),
                "bpf-policy", List.of(new Dump("policy", policy))),
            cluster,
            Scope.CLUSTER);
  }
}
