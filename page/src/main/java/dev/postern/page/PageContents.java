package dev.postern.page;

import dev.postern.deadline.Deadline;
import dev.postern.meaning.Options;
import dev.postern.replay.Replay;
import dev.postern.wording.DifferenceReport;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * What a page shows and holds.
 *
 * @param title its heading
 * @param about of what it is, with what, and when: a line below the heading
 * @param view the view that it opens with
 * @param narrowed the part of the matrix that it opens with
 * @param reading how its manifests are read
 * @param sources its manifests; none for a page into which a reader puts some
 * @param openCommand what a user runs to ask a question for all pods that could ever be, up to the question; empty if there is nothing
 * @param exposureCommand what a user runs to ask the same of every workload; empty if there is nothing
 * @param findings which findings it shows of its manifests
 * @param open by workload, whom a pod that could come might reach and be reached by; none if that was not asked
 * @param difference what a change opened and closed, as JSON of {@link PageEngine#difference} or {@link #difference}; empty where there is none
 * @param traffic what the policies make of recorded traffic, as JSON of {@link #traffic}; empty where there is none
 */
public record PageContents(
    String title,
    String about,
    View view,
    MatrixFilter narrowed,
    PageReading reading,
    List<PageSource> sources,
    String openCommand,
    String exposureCommand,
    ChosenFindings findings,
    List<OpenLine> open,
    String difference,
    String traffic) {

  /** A view of the page, by the name that its address has for it. */
  public enum View {
    OVERVIEW("overview"),
    MAP("map"),
    COMPARE("compare"),
    TRAFFIC("traffic"),
    OPEN("open");

    private final String address;

    View(String address) {
      this.address = address;
    }
  }

  /**
   * A part of the matrix, in the words of questions; an empty word wants everything.
   *
   * @param from the sources
   * @param to the destinations
   * @param port the traffic
   */
  public record MatrixFilter(String from, String to, String port) {
    /** All of it. */
    public static final MatrixFilter EVERYTHING = new MatrixFilter("", "", "");
  }

  /**
   * Of a workload what is known of pods that could ever come, in words.
   *
   * @param id the workload
   * @param reachedBy who could reach it
   * @param reaches whom it could reach
   */
  public record OpenLine(String id, String reachedBy, String reaches) {}

  /** So many characters of manifests are read as a whole soon enough. */
  private static final int LITTLE = 200_000;

  public PageContents {
    sources = List.copyOf(sources);
    open = List.copyOf(open);
  }

  /** A difference that was found otherwise, as the page shows one. */
  public static String difference(DifferenceReport report) {
    return DifferenceJson.of(report);
  }

  /**
   * What policies make of recorded traffic, as the page shows it.
   *
   * @param leftOut how many entries of the logs say nothing of it, by why
   * @param logs what was read, a sentence each
   */
  public static String traffic(Replay replay, Map<String, Long> leftOut, List<String> logs) {
    return ReplayedJson.of(replay, leftOut, logs);
  }

  /** All of it as JSON for the page's script, with what is known at once. */
  String json() {
    ScriptJson json = new ScriptJson()
        .object()
        .field("title", title)
        .field("about", about)
        .field(
            "foot",
            "Everything on this page is computed in it, by the engine that postern runs; it sends nothing anywhere.")
        .field("view", view.address)
        .field("openCommand", openCommand)
        .field("exposureCommand", exposureCommand);
    json.field("narrowed")
        .object()
        .field("from", narrowed.from())
        .field("to", narrowed.to())
        .field("port", narrowed.port())
        .endObject();
    reading(json);
    json.field("sources").list();
    for (PageSource source : sources) {
      json.object()
          .field("name", source.name())
          .field("text", source.text())
          .field("found", source.found())
          .endObject();
    }
    json.endList();
    if (!sources.isEmpty()) {
      PageEngine engine = PageEngine.read(sources, reading);
      CompletableFuture<String> found = meanwhile(engine.findings(findings));
      if (sources.stream().mapToInt(source -> source.text().length()).sum() > LITTLE) {
        engine.firstReading(sources).ifPresent(first -> first.write(json.field("first")));
      }
      json.json("overview", engine.overview())
          .json("findings", result(found))
          .json("matrix", engine.matrix(narrowed.from(), narrowed.to(), narrowed.port()));
    }
    if (!open.isEmpty()) {
      json.field("open").object();
      open.forEach(line -> json.field(line.id(), List.of(line.reachedBy(), line.reaches())));
      json.endObject();
    }
    if (!difference.isEmpty()) {
      json.json("difference", difference);
    }
    if (!traffic.isEmpty()) {
      json.json("traffic", traffic);
    }
    return json.endObject().toString();
  }

  /** Lint and exposure take about as long, and neither needs the other. */
  private static CompletableFuture<String> meanwhile(Supplier<String> work) {
    Deadline deadline = Deadline.current();
    return CompletableFuture.supplyAsync(() -> deadline.during(work::get));
  }

  /** What it made, or the problem that it met, as if this thread had met it. */
  private static String result(CompletableFuture<String> work) {
    try {
      return work.join();
    } catch (CompletionException problem) {
      throw problem.getCause() instanceof RuntimeException met ? met : problem;
    }
  }

  private void reading(ScriptJson json) {
    json.field("reading")
        .object()
        .field("objects", reading.objects())
        .field("names", reading.names().orElse(""))
        .field("domain", reading.domain())
        .field("closed", reading.closed())
        .field("ignored", reading.ignored().kinds())
        .field("ipBlockMatchesPods", reading.options().ipBlockMatchesPods())
        .field("nodeTrafficPasses", reading.options().nodeTrafficPasses())
        .field("hostNetworkIsNode", reading.options().hostNetwork() == Options.HostNetwork.NODE)
        .field("missingAddress", reading.options().missingAddress().name())
        .field("keepsClients", reading.services().keepsClients())
        .field("shortCutsLoadBalancers", reading.services().shortCutsLoadBalancers())
        .field("notes", reading.notes());
    json.field("unseen").list();
    reading
        .unseen()
        .forEach(each -> json.object()
            .field("apiVersion", each.apiVersion())
            .field("kind", each.kind())
            .field("source", each.origin().file())
            .endObject());
    json.endList().endObject();
  }
}
