package dev.postern.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.cluster.Cluster;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.meaning.Options.HostNetwork;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.Family;
import dev.postern.net.PortSet;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our connectivity against that of np-guard's analyser, on its own test cases: pairs of workloads, and workloads with ranges of IPv4
 * addresses outside, over TCP, UDP and SCTP. The cases are not a part of this repository; without them the test is skipped.
 */
class CorpusTest {

  private static final Path CORPUS = Path.of("..", "..", "shared", "corpus", "netpol-analyzer");

  /** Where the other analyser sees it differently, by the line of docs/semantics.md that explains why. */
  private enum Difference {
    /** Line 11: it polices pods on the host network like any pod, the option's other reading. */
    HOST_NETWORK(
        "ipblockstest",
        "ipblockstest_2",
        "ipblockstest_3",
        "ipblockstest_4",
        "multiple_topology_resources_2",
        "semanticDiff-same-topologies-new1a",
        "semanticDiff-same-topologies-old1",
        "semanticDiff-same-topologies-old2"),
    /** Line 17: it takes the pods of one owner for one endpoint although their labels differ. */
    ONE_ENDPOINT_AN_OWNER(
        "example_pods_w_same_owner_and_labels_gap_anp_good",
        "example_pods_w_same_owner_and_labels_gap_no_policy",
        "example_pods_w_same_owner_and_labels_gap_with_good_match_expression",
        "example_pods_w_same_owner_and_labels_gap_with_good_match_expression2"),
    /** Line 28: it reads over a field that nobody knows, {@code containerport}; here the document is refused. */
    UNKNOWN_FIELD("netpol_named_port_test_2"),
    NONE;

    private final List<String> cases;

    Difference(String... cases) {
      this.cases = List.of(cases);
    }

    static Difference of(Path directory) {
      return Stream.of(values())
          .filter(d -> d.cases.contains(directory.getFileName().toString()))
          .findFirst()
          .orElse(NONE);
    }
  }

  /** What passes between two ends; a range of addresses is told by its first, once all are cut at the same borders. */
  private record Pair(String source, String destination) {}

  private record Entry(String source, String destination, Traffic traffic) {}

  static Stream<Path> cases() throws IOException {
    if (!Files.isDirectory(CORPUS)) {
      return Stream.of(CORPUS);
    }
    try (Stream<Path> files = Files.list(CORPUS)) {
      return files.filter(Files::isDirectory).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whoReachesWhomIsWhatTheOtherAnalyserSays(Path directory) throws IOException {
    assumeTrue(Files.isDirectory(CORPUS), "skipped: no corpus at " + CORPUS);
    Difference difference = Difference.of(directory);
    assertThat(disagreements(directory, difference)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void anExplainedCaseDoesDiffer(Difference difference) throws IOException {
    assumeTrue(Files.isDirectory(CORPUS), "skipped: no corpus at " + CORPUS);
    for (String name : difference.cases) {
      assertThat(disagreements(CORPUS.resolve(name), Difference.NONE)).as(name).isNotEmpty();
    }
  }

  private static List<String> disagreements(Path directory, Difference difference)
      throws IOException {
    boolean asPods = difference == Difference.HOST_NETWORK;
    // To the other analyser a pod's own node is as far as any other.
    Options policed = Options.DEFAULT.withNodeTrafficPasses(false);
    Options options = asPods ? policed.withHostNetwork(HostNetwork.POD) : policed;
    Plan plan = Plan.of(
        cluster(directory.resolve("manifests"), difference == Difference.UNKNOWN_FIELD), options);
    boolean oneAnOwner = difference == Difference.ONE_ENDPOINT_AN_OWNER;
    List<Entry> ours = Connectivity.of(Reachability.of(plan))
        .connections()
        .flatMap(c -> entry(c, oneAnOwner))
        .toList();
    List<Entry> theirs = expected(directory.resolve("expected.json"));
    assertThat(theirs).isNotEmpty();
    SortedSet<Address> borders = borders(Stream.concat(ours.stream(), theirs.stream()));
    Map<Pair, Traffic> have = cut(ours, borders);
    Map<Pair, Traffic> want = cut(theirs, borders);
    List<String> disagreements = new ArrayList<>();
    Stream.concat(have.keySet().stream(), want.keySet().stream()).distinct().forEach(pair -> {
      Traffic here = have.getOrDefault(pair, Traffic.NONE);
      Traffic there = want.getOrDefault(pair, Traffic.NONE);
      if (!here.equals(there)) {
        disagreements.add(pair + ": " + here + ", the other analyser says " + there);
      }
    });
    return disagreements;
  }

  private static Cluster cluster(Path manifests, boolean mend) throws IOException {
    Loaded loaded = Manifests.load(manifests);
    if (mend) {
      assertThat(loaded.diagnostics())
          .filteredOn(Diagnostic::isError)
          .extracting(Diagnostic::code)
          .containsExactly(Code.UNKNOWN_FIELD);
      try (Stream<Path> files = Files.list(manifests)) {
        List<Source> mended = new ArrayList<>();
        for (Path file : files.toList()) {
          mended.add(Source.text(
              file.toString(), Files.readString(file).replace("containerport", "containerPort")));
        }
        loaded = Manifests.read(mended.toArray(Source[]::new));
      }
      assertThat(loaded.hasErrors()).isFalse();
    }
    return loaded.cluster();
  }

  private static Stream<Entry> entry(ReachedPair connection, boolean oneAnOwner) {
    Traffic traffic = connection.reach().allowed();
    Traffic ofPorts = new Traffic(traffic.tcp(), traffic.udp(), traffic.sctp(), false);
    String source = name(connection.source(), oneAnOwner);
    String destination = name(connection.destination(), oneAnOwner);
    return ofPorts.isEmpty()
            || source.isEmpty()
            || destination.isEmpty()
            || source.equals(destination)
        ? Stream.empty()
        : Stream.of(new Entry(source, destination, ofPorts));
  }

  /** Empty for what the other analyser leaves out of its table: IPv6, and controllers that only an Ingress tells of. */
  private static String name(Endpoint endpoint, boolean oneAnOwner) {
    if (endpoint instanceof Endpoint.External external && external.range().family() == Family.IPV6
        || endpoint instanceof Endpoint.IngressController) {
      return "";
    }
    int bracket = endpoint.id().indexOf('[');
    return oneAnOwner && bracket > 0 ? endpoint.id().substring(0, bracket) : endpoint.id();
  }

  private static List<Entry> expected(Path file) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode node : new ObjectMapper().readTree(file.toFile())) {
      Traffic traffic = Traffic.NONE;
      for (JsonNode part : node.get("traffic")) {
        PortSet ports = PortSet.range(
            part.get("ports").get(0).asInt(), part.get("ports").get(1).asInt());
        traffic = traffic.union(Traffic.of(Protocol.valueOf(part.get("protocol").asText()), ports));
      }
      entries.add(new Entry(node.get("src").asText(), node.get("dst").asText(), traffic));
    }
    return entries;
  }

  private static SortedSet<Address> borders(Stream<Entry> entries) {
    SortedSet<Address> borders = new TreeSet<>();
    entries
        .flatMap(entry -> Stream.of(entry.source, entry.destination))
        .filter(CorpusTest::isRange)
        .distinct()
        .forEach(end -> {
          AddressRange range = range(end);
          borders.add(range.first());
          if (!range.last().isLast()) {
            borders.add(range.last().next());
          }
        });
    return borders;
  }

  private static Map<Pair, Traffic> cut(List<Entry> entries, SortedSet<Address> borders) {
    Map<Pair, Traffic> map = new HashMap<>();
    for (Entry entry : entries) {
      for (String source : pieces(entry.source, borders)) {
        for (String destination : pieces(entry.destination, borders)) {
          map.merge(new Pair(source, destination), entry.traffic, Traffic::union);
        }
      }
    }
    return map;
  }

  private static List<String> pieces(String end, SortedSet<Address> borders) {
    if (!isRange(end)) {
      return List.of(end);
    }
    AddressRange range = range(end);
    SortedSet<Address> from = borders.tailSet(range.first());
    SortedSet<Address> within =
        range.last().isLast() ? from : from.headSet(range.last().next());
    return within.stream().map(Address::toString).toList();
  }

  private static boolean isRange(String end) {
    return !end.contains("/");
  }

  private static AddressRange range(String text) {
    int dash = text.indexOf('-');
    return new AddressRange(
        Address.parse(text.substring(0, dash)), Address.parse(text.substring(dash + 1)));
  }
}
