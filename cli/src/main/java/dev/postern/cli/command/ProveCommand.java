package dev.postern.cli.command;

import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.Progress;
import dev.postern.cli.console.UserError;
import dev.postern.cli.input.ClusterInput;
import dev.postern.cli.input.SolverOptions;
import dev.postern.cli.input.TimeLimit.Unfinished;
import dev.postern.cli.proof.Bindings;
import dev.postern.cli.proof.Dumps;
import dev.postern.cli.proof.LeftOpen;
import dev.postern.cli.proof.ProofFormat;
import dev.postern.cli.proof.ProofResult;
import dev.postern.cli.proof.Readers;
import dev.postern.cli.proof.ThisMachine;
import dev.postern.cli.proof.Wiring;
import dev.postern.cli.reading.ReadingOptions;
import dev.postern.cli.reading.Readings;
import dev.postern.cli.update.UpdateOptions;
import dev.postern.cli.update.UpdateProof;
import dev.postern.cli.update.UpdateReport;
import dev.postern.cli.update.UpdateResult;
import dev.postern.cli.watch.WatchOptions;
import dev.postern.cli.watch.WatchRound;
import dev.postern.deadline.Deadline;
import dev.postern.enforced.Contract;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.prove.Claim;
import dev.postern.prove.Proof;
import dev.postern.prove.Proof.Verdict;
import dev.postern.prove.Proof.Way;
import dev.postern.prove.Prover;
import dev.postern.solver.Z3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code postern prove}: whether what a node enforces is what the manifests say. */
@Command(
    name = "prove",
    description =
        "Prove that what a node enforces is what the manifests say, or show a packet on which they differ.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:proved",
      "1:they differ",
      "2:a manifest or a dump is bad",
      "3:queued: a program in user space decides what the rules do not, or unknown: it depends on a rule that is not understood, or time ran out"
    },
    footerHeading = "%nExample:%n",
    footer =
        "  postern prove -f examples/node/cluster.yaml --iptables-save examples/node/iptables-save.txt --ipset-save examples/node/ipset-save.txt")
public final class ProveCommand implements Callable<Integer> {

  /** What to prove by. */
  enum By {
    sets(EnumSet.of(Way.SETS)),
    z3(EnumSet.of(Way.Z3)),
    both(EnumSet.allOf(Way.class));

    private final Set<Way> ways;

    By(Set<Way> ways) {
      this.ways = ways;
    }
  }

  private final Console console;

  private @Nullable CommandSpec spec;

  @Mixin
  private ClusterInput input;

  @Mixin
  private ReadingOptions choices;

  @Mixin
  private SolverOptions effort;

  @Option(
      names = "--live",
      paramLabel = "<target>",
      description =
          "Ask this machine's own tools instead of reading files: node (all that filters packets there; iptables and nftables mean the same), bpf (what the attached program reads) or ovs.")
  private @Nullable String live;

  @Option(
      names = "--node",
      paramLabel = "<name>",
      description = "The rules police the pods of this node only; default: all pods.")
  private @Nullable String node;

  @Option(
      names = "--by",
      paramLabel = "<way>",
      description =
          "One of ${COMPLETION-CANDIDATES}; default: both for up to 100 workloads, else sets.")
  private @Nullable By by;

  @Option(
      names = "--leave-open",
      paramLabel = "<kinds>",
      split = ",",
      description =
          "Packets that may pass or not: any of self-through-service, icmp, tunnels, other-protocols, multicast, cluster-ips, infrastructure, node-networks, non-pod, or none; default: what the dataplane is known to do whatever policies say, else none.")
  private List<String> leaveOpen = List.of();

  @Option(
      names = "--interface",
      paramLabel = "<name=address>",
      description =
          "Packets of this address, and of no other that is bound, use this interface; can be repeated.")
  private List<String> interfaces = List.of();

  @Option(
      names = "--routes",
      paramLabel = "<file>",
      description =
          "What `ip route` or `ip -j route` prints: by which interfaces packets come and leave; can be repeated.")
  private List<Path> routes = List.of();

  @Option(
      names = "--smt-lib",
      paramLabel = "<dir>",
      description =
          "Also write Z3's questions there, for another solver: all unsatisfiable means proved.")
  private @Nullable Path smtLib;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "<format>",
      description = "One of ${COMPLETION-CANDIDATES}; default: text.")
  private ProofFormat format = ProofFormat.text;

  @Mixin
  private WatchOptions watch = new WatchOptions();

  @Mixin
  private UpdateOptions update = new UpdateOptions();

  private @Nullable Question asked;

  private @Nullable WatchRound seen;

  public ProveCommand(Console console) {
    this.console = console;
  }

  @Spec
  void setSpec(CommandSpec command) {
    spec = command;
    Readers.addFlags(command);
  }

  @Override
  public Integer call() {
    boolean updates = update.isAsked();
    if (updates && (watch.isAsked() || smtLib != null)) {
      throw new UserError(
          "postern prove: error: --delta is proved once, by sets: it takes no --watch and no --smt-lib");
    }
    if (watch.isAsked()) {
      if (effort.isLimited() || smtLib != null || input.readsStandardInput()) {
        throw new UserError(
            "postern prove: error: --watch goes on until it is ended, and takes no --timeout, --smt-lib or standard input (hint: --rlimit bounds each question)");
      }
      return watch.run(console, format, this::look, monitors());
    }
    return effort.run(
        console, format == ProofFormat.json ? Unfinished.JSON : Unfinished.TEXT, this::run);
  }

  /** Tools that tell of changes where the rules are read from something that lives; of sets they tell nothing. */
  private List<List<String>> monitors() {
    if (live != null) {
      return Dumps.isOfNetfilter(live) ? List.of(List.of("nft", "monitor")) : List.of();
    }
    return given("ovn-nb")
        .filter(server -> server.startsWith("unix:") || server.startsWith("tcp:"))
        .map(server -> List.of(List.of("ovsdb-client", "monitor", server, "OVN_Northbound", "ALL")))
        .orElse(List.of());
  }

  private int run() {
    if (update.isAsked()) {
      return update();
    }
    Question question = question(console);
    ProofResult proven = proven(question, ways(question.loaded()));
    format.write(proven, console.out());
    if (smtLib != null) {
      export(smtLib, proven.claims());
    }
    return status(question, proven);
  }

  /** An update, against the state that it meets. */
  private int update() {
    LeftOpen open = LeftOpen.of(leaveOpen, choices.dataplane(input.paths()));
    Dumps dumps = dumps();
    Loaded loaded = input.load(console);
    Loaded old = Manifests.load(
        update.since(),
        ReadOptions.DEFAULT.withNamespace(
            input.namespace().orElse(ReadOptions.DEFAULT.namespace())));
    old.diagnostics().forEach(problem -> console.err().block(old.explain(problem)));
    if (old.hasErrors()) {
      throw new UserError("postern: the manifests of --since have errors: nothing is proved");
    }
    Scope scope = node == null ? Scope.CLUSTER : Scope.node(node);
    Readings readings = choices.readings(input.paths()).said(console);
    Wiring wiring = dumps.interfaces(
        Bindings.of(interfaces, routes, loaded.cluster(), scope), loaded.cluster(), scope);
    UpdateResult result = new UpdateProof(dumps, scope, wiring)
        .of(
            update.files(),
            old,
            loaded,
            (manifests, reading) -> proven(
                question(dumps, manifests, scope, reading, open, wiring, readings),
                Set.of(Way.SETS)));
    UpdateReport.write(result, format, console.out());
    return input.status(loaded, status(result.verdict()));
  }

  private static Question question(
      Dumps dumps,
      Loaded loaded,
      Scope scope,
      Reading reading,
      LeftOpen open,
      Wiring wiring,
      Readings readings) {
    return new Question(
        dumps.reader().target(),
        loaded,
        readings.options(),
        scope,
        reading,
        wiring,
        open,
        contract -> open.on(wiring.on(contract), loaded.cluster(), scope, readings.options()));
  }

  /** One round: what did not change is not proved again. */
  private WatchRound look(Console quiet) {
    Question question = question(quiet);
    WatchRound last = seen;
    if (last != null && question.asks(asked)) {
      return new WatchRound(last.result(), last.status(), false);
    }
    ProofResult proven = proven(question, ways(question.loaded()));
    WatchRound look = new WatchRound(proven, status(question, proven), true);
    asked = question;
    seen = look;
    return look;
  }

  /** All that a proof and its report depend on. */
  private record Question(
      String target,
      Loaded loaded,
      Options options,
      Scope scope,
      Reading reading,
      Wiring wiring,
      LeftOpen open,
      UnaryOperator<Contract> promised) {

    Contract contract() {
      return promised.apply(reading.contract());
    }

    /** Whether it asks the same, wherever the rules were read. */
    boolean asks(@Nullable Question other) {
      return other != null
          && loaded.cluster().equals(other.loaded.cluster())
          && options.equals(other.options)
          && open.equals(other.open)
          && contract().equals(other.contract())
          && reading.equals(other.reading);
    }
  }

  private Dumps dumps() {
    return live == null
        ? Dumps.given(this::given)
        : Dumps.live(live, this::given, new ThisMachine(List.of()));
  }

  /** @throws UserError if a dump is bad */
  private Question question(Console said) {
    LeftOpen open = LeftOpen.of(leaveOpen, choices.dataplane(input.paths()));
    Dumps dumps = dumps();
    Loaded loaded = input.load(said);
    Scope scope = node == null ? Scope.CLUSTER : Scope.node(node);
    Wiring wiring = dumps.interfaces(
        Bindings.of(interfaces, routes, loaded.cluster(), scope), loaded.cluster(), scope);
    Reading reading = dumps.read(loaded.cluster(), scope, wiring.bindings());
    if (reading.problems().isEmpty()) {
      reading.warnings().forEach(warning -> said.err().println("warning: " + warning));
    } else {
      throw new UserError(Stream.concat(
              reading.problems().stream(),
              reading.warnings().stream().map(warning -> "warning: " + warning))
          .toList());
    }
    Readings readings = choices.readings(input.paths()).said(said);
    return question(dumps, loaded, scope, reading, open, wiring, readings);
  }

  private ProofResult proven(Question question, Set<Way> ways) {
    List<Claim> claims = Claim.of(
        Plan.of(question.loaded().cluster(), question.options()),
        question.scope(),
        question.reading(),
        question.promised());
    Proof proof =
        Progress.during(console, "proving", () -> Prover.prove(claims, ways, effort.limits()));
    return new ProofResult(
        question.target(),
        question.wiring().on(question.reading().contract()),
        question.open(),
        claims,
        proof,
        question.reading().notes().stream().map(RemedyWords::of).toList(),
        question.reading().notRead());
  }

  private int status(Question question, ProofResult proven) {
    return input.status(question.loaded(), status(proven.proof().verdict()));
  }

  private static int status(Verdict verdict) {
    return switch (verdict) {
      case PROVED -> ExitStatus.YES;
      case DIFFERS -> ExitStatus.NO;
      case QUEUED, UNKNOWN -> ExitStatus.UNDECIDED;
    };
  }

  private Set<Way> ways(Loaded loaded) {
    return by == null ? Prover.ways(loaded.cluster()) : by.ways;
  }

  private Optional<String> given(String flag) {
    return Optional.ofNullable(spec)
        .map(command -> command.findOption("--" + flag).<String>getValue());
  }

  private static void export(Path directory, List<Claim> claims) {
    try {
      Files.createDirectories(directory);
      for (Claim claim : claims) {
        String way = claim
            .path()
            .map(kind -> kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-")
            .orElse("");
        for (Map.Entry<String, String> question : Prover.smtLib(claim).entrySet()) {
          Files.writeString(
              directory.resolve(way + question.getKey() + ".smt2"), question.getValue());
        }
      }
    } catch (Deadline.Passed late) {
      throw new UserError(
          directory + ": error: not all questions are written: " + late.getMessage());
    } catch (Z3.Missing missing) {
      throw new UserError("postern: error: --smt-lib needs Z3: " + missing.getMessage());
    } catch (IOException problem) {
      throw new UserError(
          directory + ": error: the questions can't be written: " + problem.getMessage());
    }
  }
}
