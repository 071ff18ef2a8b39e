package dev.postern.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.backend.Artifact;
import dev.postern.backend.Backend;
import dev.postern.backend.Incremental;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.iptables.Iptables;
import dev.postern.netfilter.reader.UnreadableDump;
import dev.postern.netfilter.update.Update;
import dev.postern.nftables.Nftables;
import dev.postern.plan.Plan;
import dev.postern.testing.Engines;
import dev.postern.testing.RandomCluster;
import dev.postern.testing.Tries;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Updates with a fault: what is read as if the tools took it, they take. */
class UpdateMutantsKernelTest {

  private static final int MUTANTS =
      Integer.getInteger("postern.updates.mutants", Tries.share(400));

  private static final long SEED = Long.getLong("postern.updates.seed", 1);

  private static final Map<String, String> TOOLS = Map.of(
      "iptables.restore", "iptables-restore --noflush",
      "ip6tables.restore", "ip6tables-restore --noflush",
      "ipset.restore", "ipset restore -exist",
      "sets.restore", "ipset restore -exist",
      "members.restore", "ipset restore -exist");

  @TempDir
  Path folder;

  @Test
  void nftTakesWhatIsReadOfItsUpdates() throws Exception {
    judge(Nftables.backend(), "nft", "");
  }

  @Test
  void iptablesRestoreTakesWhatIsReadOfItsUpdates() throws Exception {
    judge(Iptables.backend(), "iptables", "tables.restore");
  }

  @Test
  void ipsetRestoreTakesWhatIsReadOfItsUpdates() throws Exception {
    judge(Iptables.backend(), "ipset", "s.restore");
  }

  /** One shell in a network namespace of its own. */
  private static final class Shell implements AutoCloseable {
    private final Process process;
    private final BufferedWriter in;
    private final BufferedReader out;

    Shell() throws IOException {
      process =
          new ProcessBuilder("unshare", "-n", "sh").redirectErrorStream(true).start();
      in = process.outputWriter(StandardCharsets.UTF_8);
      out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** What a command prints, with its exit status first. */
    String run(String command) throws IOException {
      in.write("( " + command
          + "\n) > \"$OUT\" 2>&1; echo $? \"$(head -c 300 \"$OUT\" | tr '\\n' ' ')\"\n");
      in.flush();
      return String.valueOf(out.readLine());
    }

    @Override
    public void close() throws IOException {
      in.close();
      process.onExit().join();
    }
  }

  private record Scenario(
      String reset, Map<String, List<Dump>> dumps, Map<String, String> files, boolean nft) {}

  private <B extends Backend & Incremental> void judge(B backend, String tool, String part)
      throws IOException, Refusal {
    Engines.require("unshare", "nft", "iptables", "ip6tables", "ipset");
    Random random = new Random(SEED);
    List<String> wrong = new ArrayList<>();
    int taken = 0;
    int made = 0;
    try (Shell shell = new Shell()) {
      shell.in.write("OUT=" + folder.resolve("out") + "\n");
      for (int cluster = 0; made < MUTANTS; cluster++) {
        Scenario scenario = scenario(backend, tool.equals("nft"), cluster, random);
        int share = Math.max(1, Math.min(MUTANTS - made, MUTANTS / 25));
        assertThat(scenario.files).isNotNull();
        List<String> files = scenario.files.keySet().stream()
            .filter(name -> scenario.nft ? name.endsWith(".nft") : name.endsWith(part))
            .filter(name -> scenario.nft || tool.equals("ipset") == !name.contains("tables"))
            .filter(name -> !scenario.files.getOrDefault(name, "").isBlank())
            .toList();
        if (files.isEmpty()) {
          continue;
        }
        assertThat(refused(shell, scenario, scenario.files))
            .as("%s, cluster %d, as it is written", tool, cluster)
            .isEmpty();
        for (int i = 0; i < share; i++) {
          made++;
          Map<String, String> mutant = new TreeMap<>(scenario.files);
          String file = files.get(random.nextInt(files.size()));
          mutant.compute(
              file, (name, text) -> UpdateMutants.of(String.valueOf(text), tool, random));
          if (mutant.equals(scenario.files) || !isRead(scenario, mutant)) {
            continue;
          }
          taken++;
          String problem = refused(shell, scenario, mutant);
          if (!problem.isEmpty()) {
            wrong.add(cluster + " " + file + " " + problem + "\n"
                + difference(scenario.files.get(file), mutant.get(file)));
          }
        }
      }
    }
    System.out.printf(
        "%s: %d mutants of updates, seed %d: %d are read, %d of these the tool refuses%n",
        tool, made, SEED, taken, wrong.size());
    assertThat(wrong).as("seed %d", SEED).isEmpty();
  }

  private static String difference(String before, String after) {
    List<String> old = before.lines().toList();
    List<String> lines = new ArrayList<>(after.lines().toList());
    old.forEach(lines::remove);
    return String.join("\n", lines);
  }

  private static boolean isRead(Scenario scenario, Map<String, String> files) {
    try {
      Update.of(UpdateStatesTest.dumps(files)).states(scenario.dumps);
      return true;
    } catch (UnreadableDump refused) {
      return false;
    }
  }

  /** What a tool says that refuses a file; empty if none does. */
  private String refused(Shell shell, Scenario scenario, Map<String, String> files)
      throws IOException {
    assertThat(shell.run(scenario.reset)).startsWith("0");
    for (Map.Entry<String, String> file : new TreeMap<>(files).entrySet()) {
      String name = file.getKey();
      String command = name.endsWith(".nft")
          ? "nft -f"
          : TOOLS.getOrDefault(name.replaceFirst("^[0-9]-", ""), "");
      if (command.isEmpty() || file.getValue().isBlank()) {
        continue;
      }
      Path at = Files.writeString(folder.resolve("commands"), file.getValue());
      String said = shell.run(command + (command.startsWith("nft") ? " " : " < ") + at);
      if (!said.startsWith("0")) {
        return said;
      }
    }
    return "";
  }

  private <B extends Backend & Incremental> Scenario scenario(
      B backend, boolean nft, int seed, Random random) throws IOException, Refusal {
    Cluster cluster = RandomCluster.of(seed, DeltaStatesTest.SMALL);
    Plan old = Plan.of(cluster);
    Artifact whole = backend.compile(old, Scope.CLUSTER);
    Artifact delta = backend.delta(old, Plan.of(Changes.some(cluster, random)), Scope.CLUSTER);
    Map<String, String> base = new LinkedHashMap<>();
    StringBuilder reset = new StringBuilder("set -e; ");
    if (nft) {
      base.put("nft -f", whole.file(Nftables.RULESET));
      reset.append("nft flush ruleset; ");
    } else {
      base.put("ipset restore <", whole.file(Iptables.SETS) + whole.file("mark.restore"));
      base.put("iptables-restore <", whole.file(Iptables.RULES_4));
      base.put("ip6tables-restore <", whole.file(Iptables.RULES_6));
      reset.append("nft flush ruleset; ipset destroy; ");
    }
    int number = 0;
    for (Map.Entry<String, String> each : base.entrySet()) {
      Path file = Files.writeString(folder.resolve("base" + number++), each.getValue());
      reset.append(each.getKey()).append(' ').append(file).append("; ");
    }
    Map<String, List<Dump>> dumps = nft
        ? Map.of("nft", List.of(new Dump("ruleset", whole.file(Nftables.RULESET))))
        : UpdateStatesTest.ofIptables(whole);
    return new Scenario(reset.toString().replaceFirst("; $", ""), dumps, delta.files(), nft);
  }
}
