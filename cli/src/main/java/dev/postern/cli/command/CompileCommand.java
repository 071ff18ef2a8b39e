package dev.postern.cli.command;

import dev.postern.backend.Artifact;
import dev.postern.backend.Incremental;
import dev.postern.backend.Refusal;
import dev.postern.backend.Scope;
import dev.postern.cli.artifact.ArtifactDirectory;
import dev.postern.cli.artifact.Targets;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.Progress;
import dev.postern.cli.console.UserError;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.input.TimeLimit;
import dev.postern.cli.input.TimeLimit.Unfinished;
import dev.postern.cli.reading.ReadingOptions;
import dev.postern.cli.reading.Readings;
import dev.postern.cluster.Cluster;
import dev.postern.dataplane.KubeProxy;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.plan.Plan;
import dev.postern.policy.Direction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code postern compile}: writes what enforces the policies, with the scripts that apply and remove it; refuses rather than approximates. */
@Command(
    name = "compile",
    description = "Write what enforces the policies on a node or in a network.",
    mixinStandardHelpOptions = true,
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:written",
      "2:bad input, or the target cannot express it exactly: nothing is written",
      "3:not finished within --timeout: nothing is written"
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  postern compile --to nftables --node worker-1 --out artefact -f examples/shop -f examples/running",
      "  sudo artefact/apply.sh"
    })
public final class CompileCommand implements Callable<Integer> {

  private final Console console;

  @Mixin
  private ClusterInput input;

  @Mixin
  private ReadingOptions choices;

  @Mixin
  private Targets targets;

  @Mixin
  private TimeLimit limit;

  @Option(
      names = "--node",
      paramLabel = "<name>",
      description = "Police the pods of this node only; default: all pods.")
  private @Nullable String node;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "<dir>",
      description =
          "A directory of its own to write; made if it is not there. What an earlier compile wrote there is replaced; with files of others in it, nothing is written.")
  private Path out;

  @Option(
      names = "--since",
      paramLabel = "<path>",
      description =
          "all but ovs: write only what turns the rules compiled from these manifests into the new ones. Repeatable.")
  private List<Path> since = new ArrayList<>();

  private static final String IPTABLES = "iptables";

  public CompileCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    since.forEach(path -> ClusterInput.requireName("--since", path.toString()));
    return limit.run(console, Unfinished.ASIDE, this::run);
  }

  private int run() {
    Loaded loaded = input.load(console);
    if (loaded.hasErrors()) {
      throw new UserError(
          "postern: nothing is written: rules that leave a policy out would not enforce what was meant");
    }
    Scope scope = scope(loaded.cluster());
    Readings readings = choices.readings(input.paths()).said(console);
    try {
      Plan plan = Plan.of(loaded.cluster(), readings.options());
      besideIpvs(plan);
      Artifact artifact = since.isEmpty()
          ? Progress.during(console, "compiling", () -> targets.backend().compile(plan, scope))
          : delta(plan, scope, readings);
      ArtifactDirectory.write(artifact, out);
      console.out().println(out + ": " + String.join(", ", artifact.files().keySet()));
      console.out().block(artifact.summary().strip());
      return ExitStatus.YES;
    } catch (Refusal refusal) {
      for (String reason : refusal.reasons()) {
        console
            .err()
            .println("postern: error: " + targets.backend().target()
                + " cannot enforce this exactly: " + reason
                + refusal
                    .remedy()
                    .map(remedy -> " (" + RemedyWords.of(remedy) + ")")
                    .orElse(""));
      }
      return ExitStatus.BAD_INPUT;
    }
  }

  /** With a node's traffic policed, rules of iptables see Services' addresses before IPVS does, which are the node's there. */
  private void besideIpvs(Plan plan) {
    Optional<KubeProxy> served = choices.kubeProxy(input.paths());
    if (!targets.backend().target().equals(IPTABLES)
        || plan.options().nodeTrafficPasses()
        || plan.isolated(Direction.EGRESS).isEmpty()
        || served.filter(way -> way != KubeProxy.IPVS).isPresent()) {
      return;
    }
    if (served.isPresent()) {
      throw new UserError("postern: error: " + IPTABLES
          + " cannot enforce this exactly: what pods with restricted egress send to Services would be dropped, since IPVS serves Services at the node's own addresses"
          + " (hint: --to nftables, or --node-traffic-passes=true)");
    }
    console
        .err()
        .println(
            "note: where IPVS serves Services (kube-proxy's mode ipvs, kube-router), these rules drop what pods with restricted egress send to Services"
                + " (hint: --to nftables there; --kube-proxy says how nodes serve Services)");
  }

  private Artifact delta(Plan plan, Scope scope, Readings readings) throws Refusal {
    if (!(targets.backend() instanceof Incremental incremental)) {
      throw new UserError("postern compile: error: " + targets.backend().target()
          + " has no --since (hint: its apply.sh changes only what differs)");
    }
    ReadOptions options = ReadOptions.DEFAULT.withNamespace(
        input.namespace().orElse(ReadOptions.DEFAULT.namespace()));
    Loaded old = Manifests.load(since, options);
    old.diagnostics().forEach(problem -> console.err().block(old.explain(problem)));
    if (old.hasErrors()) {
      throw new UserError("postern: nothing is written: the manifests of --since have errors");
    }
    Plan before = Plan.of(old.cluster(), readings.options());
    return incremental.delta(before, plan, scope);
  }

  private Scope scope(Cluster cluster) {
    Optional<String> wanted = Optional.ofNullable(node);
    Set<String> known = new TreeSet<>();
    cluster.nodes().forEach(each -> known.add(each.name()));
    cluster
        .workloads()
        .forEach(each -> each.pods().forEach(pod -> pod.node().ifPresent(known::add)));
    if (wanted.isPresent() && !known.contains(wanted.get())) {
      throw new UserError("postern: error: no node is named `" + wanted.get() + "`"
          + (known.isEmpty()
              ? " (hint: the manifests name none)"
              : " (hint: there is " + String.join(", ", known) + ")"));
    }
    return new Scope(wanted);
  }
}
