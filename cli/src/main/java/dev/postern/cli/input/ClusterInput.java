package dev.postern.cli.input;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.ExitStatus;
import dev.postern.cli.console.Progress;
import dev.postern.cli.console.UserError;
import dev.postern.cli.live.Listed;
import dev.postern.cli.live.LiveCluster;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.deadline.Deadline;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.manifest.SourceTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options of every command that judges a cluster. A command holds one as {@code @Mixin}, calls {@link #load}, answers about what could
 * be read, and returns {@link #status}.
 */
public final class ClusterInput {

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "<path>",
      description =
          "A manifest, a directory of manifests (with everything below it), or - for standard input. Repeatable.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "<name>",
      description = "The namespace of objects and names that give none.")
  private @Nullable String namespace;

  @Option(
      names = "--context",
      paramLabel = "<name>",
      description = "Read the live cluster of this kubeconfig context instead of files.")
  private @Nullable String context;

  @Option(
      names = "--kubeconfig",
      paramLabel = "<file>",
      description = "The kubeconfig; default: $$KUBECONFIG, else ~/.kube/config.")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--render",
      description =
          "Render the charts and kustomizations in directories, with the helm and kustomize on the PATH.")
  private boolean render;

  @Option(
      names = "--exclude",
      paramLabel = "<glob>",
      description =
          "Files in directories that are not read, as vendor/** or *.gen.yaml. Repeatable.")
  private List<String> exclude = new ArrayList<>();

  private final List<Predicate<Path>> excluded = new ArrayList<>();
  private Map<String, String> rendered = Map.of();
  private List<Source> sources = List.of();
  private List<UnreadPolicy> unseen = List.of();
  private boolean withoutTests;

  @Option(names = "--fail-fast", description = "Stop reading at the first document with an error.")
  private boolean failFast;

  @Mixin
  private Assumptions assumptions = new Assumptions();

  /** Reads these as well, as if {@code -f} named them. */
  public void add(List<String> paths) {
    files.addAll(paths);
  }

  /** Leaves out these files in directories as well. */
  public void exclude(Predicate<Path> files) {
    excluded.add(files);
  }

  /** Leaves out what lies in directories for tests. */
  public void leaveOutTests() {
    withoutTests = true;
  }

  private SourceTree.TreeScope extent() {
    return new SourceTree.TreeScope(render, withoutTests);
  }

  /** The files and directories that are named. */
  public List<Path> paths() {
    return files.stream().filter(file -> !file.equals("-")).map(Path::of).toList();
  }

  /**
   * The files and directories as the options name them.
   *
   * @throws UserError if they name nothing to read
   */
  public List<String> named() {
    files.forEach(file -> requireName("--filename", file));
    if (files.isEmpty()) {
      throw new UserError("postern: error: nothing to read (hint: name manifests with -f)");
    }
    return List.copyOf(files);
  }

  /** The files in which sources that were rendered are written, by the sources' names. */
  public Map<String, String> rendered() {
    return rendered;
  }

  /**
   * Refuses the empty name of a file, which a shell makes of a variable that is not set.
   *
   * @throws UserError if the name is empty
   */
  public static void requireName(String option, String name) {
    if (name.isEmpty()) {
      throw new UserError(
          "postern: error: " + option + " names no file (hint: it is empty; is a variable unset?)");
    }
  }

  /** The namespace that was asked for. */
  public Optional<String> namespace() {
    return Optional.ofNullable(namespace);
  }

  /** Whether a live cluster is read, which is complete. */
  public boolean isLive() {
    return context != null || kubeconfig != null;
  }

  /** Whether manifests come from standard input, which then is not there for anything else. */
  public boolean readsStandardInput() {
    return files.contains("-");
  }

  /**
   * Reads everything that the options name, and reports on standard error what is wrong with it.
   *
   * @throws UserError if the options name nothing to read, or the live cluster cannot be read
   */
  public Loaded load(Console console) {
    Loaded loaded = read(console);
    report(loaded, console);
    return loaded;
  }

  /** Says on standard error what is wrong with what was read, and what follows from that. */
  public static void report(Loaded loaded, Console console) {
    for (Diagnostic diagnostic : loaded.diagnostics()) {
      console.err().block(loaded.explain(diagnostic));
    }
    reportPassedOver(loaded, console);
    Assumptions.words(loaded.cluster())
        .forEach(words -> console.err().println("postern: " + words));
    long errors = loaded.diagnostics().stream().filter(Diagnostic::isError).count();
    if (errors > 0) {
      console
          .err()
          .println("postern: " + errors + (errors == 1 ? " error" : " errors")
              + ": what has an error is left out of the answer, and the exit status is "
              + ExitStatus.BAD_INPUT);
    }
  }

  /** Says on standard error what was not read. */
  public static void reportPassedOver(Loaded loaded, Console console) {
    PassedOverWords.of(loaded.passedOver())
        .ifPresent(words -> console.err().println("postern: " + words));
  }

  /** Reads without reporting, for a command whose answer is the report. */
  public Loaded read(Console console) {
    return read(console, ReadOptions.DEFAULT);
  }

  /** Reads without reporting, and keeps what the options say. */
  public Loaded read(Console console, ReadOptions base) {
    files.forEach(file -> requireName("--filename", file));
    boolean live = isLive();
    if (live && !files.isEmpty()) {
      throw new UserError(
          "postern: error: --filename and --context both name a cluster (hint: give one of them)");
    }
    if (!live && files.isEmpty()) {
      throw new UserError(
          "postern: error: nothing to read (hint: name manifests with -f, or a live cluster with --context)");
    }
    return live
        ? Progress.during(
            console, "reading the cluster", () -> assumed(live(console, readOptions(base))))
        : read(files, console, base);
  }

  /** Reads other files and directories than the options name, as the options say. */
  public Loaded read(List<String> names, Console console, ReadOptions base) {
    return Progress.during(
        console,
        "reading manifests",
        () -> assumed(Manifests.readTrees(trees(names, console), readOptions(base))));
  }

  /** A live cluster has told everything. */
  private Loaded assumed(Loaded loaded) {
    Cluster cluster = isLive() ? loaded.cluster().closed() : loaded.cluster();
    return loaded.withCluster(assumptions.on(cluster));
  }

  /** What was read last. */
  public ReadInput whatWasRead() {
    return new ReadInput(sources, unseen, isLive(), isClosed(), assumptions.ignored());
  }

  /** Whether the options name nothing to read. */
  public boolean isNothing() {
    return files.isEmpty() && !isLive();
  }

  /** Whether what is read is all that there is: a live cluster, or the user says so. */
  public boolean isClosed() {
    return isLive() || assumptions.isClosed();
  }

  private ReadOptions readOptions(ReadOptions base) {
    return base.withFailFast(failFast)
        .withNamespace(namespace().orElse(ReadOptions.DEFAULT.namespace()));
  }

  private List<SourceTree> trees(List<String> names, Console console) {
    ManifestTrees trees = new ManifestTrees(console, namespace(), extent());
    Predicate<Path> left = excluded();
    List<SourceTree> all = names.stream().map(file -> trees.of(file, left)).toList();
    rendered = trees.rendered();
    sources = all.stream().flatMap(tree -> tree.sources().stream()).toList();
    return all;
  }

  private Predicate<Path> excluded() {
    List<Predicate<Path>> all = new ArrayList<>(excluded);
    for (String pattern : exclude) {
      try {
        all.add(new Glob(Path.of(""), pattern)::matches);
      } catch (PatternSyntaxException problem) {
        throw new UserError("postern: error: --exclude takes a pattern for files, and `" + pattern
            + "` is none: " + problem.getDescription());
      }
    }
    return file -> all.stream().anyMatch(each -> each.test(file));
  }

  /**
   * Reads what the files and directories were in another revision of their git repository; what was not there gives nothing.
   *
   * @param use what is done with it while its files are there
   * @throws UserError if git does not know the revision
   */
  public <T> T readAt(String revision, Console console, ReadOptions base, Function<Loaded, T> use) {
    if (paths().size() < files.size() || files.isEmpty()) {
      throw new UserError(
          "postern: error: only files and directories have another revision (hint: name them with -f)");
    }
    try (Revision then = new Revision(revision, console.environment())) {
      ManifestTrees trees = new ManifestTrees(console, namespace(), extent());
      Predicate<Path> left = excluded();
      List<SourceTree> all = new ArrayList<>();
      for (Path path : paths()) {
        then.path(path)
            .ifPresent(old ->
                all.add(trees.of(old, file -> left.test(then.now(file))).named(old, path)));
      }
      return use.apply(Manifests.readTrees(all, readOptions(base)));
    }
  }

  private Loaded live(Console console, ReadOptions options) {
    Listed listed = Deadline.current()
        .await(
            "the cluster's API server",
            () -> LiveCluster.read(
                Optional.ofNullable(kubeconfig),
                Optional.ofNullable(context),
                console.environment()),
            () -> {});
    sources = listed.pages().stream()
        .map(page -> Source.text(page.source(), page.json()))
        .toList();
    unseen = listed.unseen();
    Loaded loaded = Manifests.read(sources, options);
    List<UnreadPolicy> unread = new ArrayList<>(loaded.cluster().unread());
    unread.addAll(listed.unseen());
    return loaded.withCluster(loaded.cluster().withUnread(unread));
  }

  /** What the process returns: {@link ExitStatus#BAD_INPUT} if something could not be read, else what the command found. */
  public int status(Loaded loaded, int found) {
    return loaded.hasErrors() ? ExitStatus.BAD_INPUT : found;
  }
}
