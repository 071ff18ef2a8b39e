package dev.postern.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postern.backend.Obligation;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Scope;
import dev.postern.cli.proof.SampledPackets.Sample;
import dev.postern.cluster.Cluster;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.Interpreter;
import dev.postern.enforced.Packet;
import dev.postern.enforced.Passage.Fate;
import dev.postern.iptables.reader.IptablesReader;
import dev.postern.manifest.Manifests;
import dev.postern.net.AddressSet;
import dev.postern.net.Family;
import dev.postern.nftables.reader.NftablesReader;
import dev.postern.plan.Plan;
import dev.postern.prove.Claim;
import dev.postern.prove.Proof;
import dev.postern.prove.Proof.Verdict;
import dev.postern.prove.Proof.Way;
import dev.postern.prove.Prover;
import dev.postern.solver.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Dumps of kube-router that real packets agree with, each with one thing broken: proved only if each sampled packet fares as the policies
 * say, and refuted where one does not. They lie beside the project where they lie at all.
 */
class KubeRouterCorpusMutantsTest {

  private static final Path CORPUS = Path.of("..", "..", "shared", "corpus", "dataplanes");
  private static final int EACH = Integer.getInteger("mutants.each", 6);
  private static final Pattern PORT = Pattern.compile("(dport )(\\d+)");
  private static final Pattern MEMBER = Pattern.compile("\\b\\d+\\.\\d+\\.\\d+\\.\\d+(/\\d+)?,? ?");

  /** What is broken. */
  private enum Kind {
    NOTHING,
    RULE_DROPPED,
    PORT_MOVED,
    MEMBER_LOST,
    ORDER_SWAPPED
  }

  private final Map<Kind, Map<Verdict, Integer>> seen = new EnumMap<>(Kind.class);

  /** Whether a sampled packet's fate depends on what was not understood, such as whether a bridge forwards it. */
  private boolean undecided;

  @Test
  void ofIptables() throws IOException {
    mutants("kube-router-iptables", List.of("iptables-save.txt", "ipset-save.txt"));
  }

  @Test
  void ofNftables() throws IOException {
    mutants("kube-router-nft", List.of("ruleset.nft"));
  }

  private void mutants(String dataplane, List<String> files) throws IOException {
    assumeTrue(Files.isDirectory(CORPUS), "no recorded dataplanes are beside the project");
    for (String right : List.of("00", "02", "08", "10")) {
      Path folder = CORPUS.resolve(dataplane).resolve(right);
      Cluster cluster = Manifests.load(folder.resolve("cluster.yaml")).cluster();
      List<String> lines = new ArrayList<>();
      for (String file : files) {
        lines.addAll(Files.readAllLines(folder.resolve(file)));
      }
      Random random = new Random(Integer.parseInt(right));
      for (Kind kind : Kind.values()) {
        for (int i = 0; i < (kind == Kind.NOTHING ? 1 : EACH); i++) {
          Optional<List<String>> mutant = mutant(lines, kind, random);
          if (mutant.isPresent()) {
            judge(cluster, mutant.get(), kind, dataplane + "/" + right);
          }
        }
      }
    }
    System.out.println("mutants of " + dataplane + ": " + seen);
    assertThat(seen.get(Kind.NOTHING)).containsOnlyKeys(Verdict.PROVED);
    for (Kind kind : List.of(Kind.RULE_DROPPED, Kind.PORT_MOVED, Kind.MEMBER_LOST)) {
      assertThat(seen.get(kind)).as(kind.toString()).containsKey(Verdict.DIFFERS);
    }
  }

  /** Whether a line is a rule, in either form. */
  private static boolean isRule(String line) {
    return line.startsWith("-A ")
        || line.startsWith("\t\t")
            && !line.matches("\t\t(\t.*|type .*|flags .*|comment .*|elements .*|policy .*)");
  }

  private static boolean isMember(String line) {
    return line.startsWith("add ") || line.contains("elements = {") || line.startsWith("\t\t\t");
  }

  private static Optional<List<String>> mutant(List<String> lines, Kind kind, Random random) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean fits = switch (kind) {
        case NOTHING -> i == 0;
        case RULE_DROPPED -> isRule(line);
        case PORT_MOVED -> isRule(line) && PORT.matcher(line).find();
        case MEMBER_LOST -> isMember(line) && MEMBER.matcher(line).find();
        case ORDER_SWAPPED ->
          isRule(line)
              && i + 1 < lines.size()
              && isRule(lines.get(i + 1))
              && !line.equals(lines.get(i + 1));
      };
      if (fits) {
        places.add(i);
      }
    }
    if (places.isEmpty()) {
      return Optional.empty();
    }
    int at = places.get(random.nextInt(places.size()));
    List<String> mutant = new ArrayList<>(lines);
    String line = lines.get(at);
    switch (kind) {
      case NOTHING -> {}
      case RULE_DROPPED -> mutant.remove(at);
      case ORDER_SWAPPED -> Collections.swap(mutant, at, at + 1);
      case PORT_MOVED ->
        mutant.set(
            at,
            PORT.matcher(line)
                .replaceFirst(port -> port.group(1)
                    + (Integer.parseInt(port.group(2)) + (random.nextBoolean() ? 1 : -1))));
      case MEMBER_LOST -> {
        String rest = MEMBER.matcher(line).replaceFirst("");
        // A set that has no member any more prints none.
        boolean gone = line.startsWith("add ") || rest.matches("\\s*elements = \\{ *\\}");
        if (gone) {
          mutant.remove(at);
        } else {
          mutant.set(at, rest);
        }
      }
    }
    return Optional.of(mutant);
  }

  private static EnforcedRules read(List<String> lines) {
    String text = String.join("\n", lines) + "\n";
    int sets = text.indexOf("\ncreate ") + 1;
    return sets == 0
        ? NftablesReader.read("ruleset.nft", text)
        : IptablesReader.read(
            new Dump("iptables-save", text.substring(0, sets)),
            new Dump("ip6tables-save", ""),
            new Dump("ipset save", text.substring(sets)),
            AddressSet.EMPTY);
  }

  private void judge(Cluster cluster, List<String> mutant, Kind kind, String folder) {
    Plan plan = Plan.of(cluster);
    Contract contract = Contract.STRICT.only(Family.IPV4);
    for (Obligation open : List.of(
        Obligation.SELF_THROUGH_SERVICE,
        Obligation.ICMP,
        Obligation.NON_POD,
        Obligation.CLUSTER_IPS)) {
      contract = open.leftOpen(contract, cluster, Scope.CLUSTER, plan.options());
    }
    EnforcedRules rules = read(mutant);
    Proof proof = Prover.prove(
        new Claim(plan, Scope.CLUSTER, rules, contract), Set.of(Way.SETS), Limits.DEFAULT);
    seen.computeIfAbsent(kind, key -> new EnumMap<>(Verdict.class))
        .merge(proof.verdict(), 1, Integer::sum);
    Optional<Packet> wrong = wrong(cluster, rules, mutant);
    String what = "%s of %s: %s, %s\n%s"
        .formatted(kind, folder, wrong, proof.difference(), String.join("\n", mutant));
    if (wrong.isPresent()) {
      assertThat(proof.verdict()).as(what).isEqualTo(Verdict.DIFFERS);
    }
    assertThat(undecided || proof.verdict() != Verdict.UNKNOWN).as(what).isTrue();
  }

  /** The first packet, between any two ends at any port that a rule names or the next ones, that is not treated as the policies say. */
  private Optional<Packet> wrong(Cluster cluster, EnforcedRules rules, List<String> lines) {
    Set<Integer> ports = new TreeSet<>(List.of(1, 65535));
    for (String line : lines) {
      Matcher port = PORT.matcher(line);
      while (port.find()) {
        int number = Integer.parseInt(port.group(2));
        ports.addAll(List.of(number - 1, number, number + 1));
      }
    }
    ports.removeIf(port -> port < 1 || port > 65535);
    undecided = false;
    Interpreter interpreter = new Interpreter(rules);
    for (Sample sample :
        SampledPackets.of(cluster, List.of("8.8.8.8", "10.2.2.9", "10.2.3.9"), ports)) {
      Fate fate = interpreter.walk(sample.packet()).fate();
      undecided |= fate == Fate.UNKNOWN;
      if (fate != Fate.UNKNOWN && (fate == Fate.ACCEPT) != sample.allowed()) {
        return Optional.of(sample.packet());
      }
    }
    return Optional.empty();
  }
}
