package dev.postern.cli.page;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.Progress;
import dev.postern.cli.console.Release;
import dev.postern.cli.console.UserError;
import dev.postern.cli.input.ReadInput;
import dev.postern.cli.reading.ReadingOptions;
import dev.postern.cli.reading.Readings;
import dev.postern.cli.selection.Settings;
import dev.postern.dataplane.Dataplane;
import dev.postern.diagnostic.Printable;
import dev.postern.diagnostic.ShortList;
import dev.postern.manifest.EssentialText;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.ReadLimits;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.page.ChosenFindings;
import dev.postern.page.PageContents;
import dev.postern.page.PageDocument;
import dev.postern.page.PageReading;
import dev.postern.page.PageSource;
import dev.postern.service.ServiceProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A page of what a command read: which manifests, how they are read, by which version, and when. */
public final class PageReport {

  /** Asks the same of every workload. */
  private static final String EXPOSURE_COMMAND = "postern exposure --open";

  /** Asks for all pods that could ever be, with Z3, which no page has. */
  private static final String OPEN_COMMAND = "postern can --open";

  /** So many sources are named in the line below the heading. */
  private static final int NAMED = 3;

  private final Console console;
  private final boolean dated;

  /**
   * Writes pages for a console's environment, whose {@code SOURCE_DATE_EPOCH} is their date where it is set.
   *
   * @param dated whether a page says when it was written
   * @throws UserError if this build left the page's engine out
   */
  public PageReport(Console console, boolean dated) {
    if (!PageDocument.isThere()) {
      throw new UserError(
          "postern: error: this build holds no engine for pages (hint: build without -Dpostern.engine.skip)");
    }
    this.console = console;
    this.dated = dated;
  }

  /**
   * How findings are chosen.
   *
   * @param settings what the team decided
   * @param dataplanes what enforces the policies
   */
  public record LintChoice(Settings settings, List<Dataplane> dataplanes) {
    public LintChoice {
      dataplanes = List.copyOf(dataplanes);
    }

    /** As the nearest settings and the options say. */
    public static LintChoice of(ReadingOptions choices, List<Path> inputs) {
      Settings settings = choices.settings(inputs);
      return new LintChoice(settings, choices.dataplanes(settings));
    }
  }

  /** A page without manifests, into which a reader puts some. */
  public String empty() {
    return PageDocument.of(new PageContents(
        "Network policies",
        about(List.of(), PageReading.DEFAULT),
        PageContents.View.OPEN,
        PageContents.MatrixFilter.EVERYTHING,
        PageReading.DEFAULT,
        List.of(),
        OPEN_COMMAND,
        EXPOSURE_COMMAND,
        ChosenFindings.all(false),
        List.of(),
        "",
        ""));
  }

  /**
   * What a page shows beside its manifests.
   *
   * @param view the view that it opens with
   * @param narrowed the part of the matrix that it opens with
   * @param open what is known of pods that could ever come, if that was asked
   * @param difference what a change opened and closed, as JSON; empty where there is none
   * @param traffic what the policies make of recorded traffic, as JSON; empty where there is none
   */
  public record Shown(
      PageContents.View view,
      PageContents.MatrixFilter narrowed,
      List<PageContents.OpenLine> open,
      String difference,
      String traffic) {

    public Shown {
      open = List.copyOf(open);
    }

    /** What the policies make of recorded traffic, as JSON of {@link PageContents#traffic}. */
    public static Shown ofTraffic(String traffic) {
      return new Shown(
          PageContents.View.TRAFFIC, PageContents.MatrixFilter.EVERYTHING, List.of(), "", traffic);
    }
  }

  /**
   * A page of manifests.
   *
   * @param title its heading
   * @param input what was read
   * @param loaded what became of it
   * @param reading how it was read
   * @param lint how its findings are chosen
   * @param open what is known of pods that could ever come, if that was asked
   * @param difference as JSON; empty where there is none
   * @throws UserError if something could not be read, without which a page would say more than is known
   */
  public String of(
      String title,
      ReadInput input,
      Loaded loaded,
      PageReading reading,
      LintChoice lint,
      PageContents.View view,
      PageContents.MatrixFilter narrowed,
      List<PageContents.OpenLine> open,
      String difference) {
    return of(title, input, loaded, reading, lint, new Shown(view, narrowed, open, difference, ""));
  }

  /**
   * A page of manifests.
   *
   * @param shown what it shows beside them, and first
   * @throws UserError if something could not be read, without which a page would say more than is known
   */
  public String of(
      String title,
      ReadInput input,
      Loaded loaded,
      PageReading reading,
      LintChoice lint,
      Shown shown) {
    if (loaded.isUnreadable()) {
      throw new UserError("postern: error: there is no page of what cannot be read");
    }
    return Progress.during(
        console, "writing the page", () -> written(title, input, loaded, reading, lint, shown));
  }

  private String written(
      String title,
      ReadInput input,
      Loaded loaded,
      PageReading reading,
      LintChoice lint,
      Shown shown) {
    List<PageSource> sources = input.sources().parallelStream()
        .filter(source -> !loaded.passedOver().files().containsKey(source.name()))
        .map(source -> source(source, input.live()))
        .toList();
    return PageDocument.of(new PageContents(
        title,
        about(sources, reading),
        shown.view(),
        shown.narrowed(),
        reading,
        sources,
        OPEN_COMMAND,
        EXPOSURE_COMMAND,
        new PageFindings(lint.settings(), lint.dataplanes(), input.closed(), day()),
        shown.open(),
        shown.difference(),
        shown.traffic()));
  }

  /** How manifests are read and questions answered. */
  public static PageReading reading(
      ReadInput input, Optional<String> namespace, String domain, Readings readings) {
    return new PageReading(
        namespace.orElse(PageReading.DEFAULT.objects()),
        namespace,
        domain,
        input.closed(),
        input.ignored(),
        input.unseen(),
        readings.options(),
        readings.services(),
        readings.notes());
  }

  /** A source with what is needed of it, and nothing else: a page is made to be passed on. */
  private static PageSource source(Source source, boolean live) {
    try {
      String text = new String(source.bytes(ReadLimits.DEFAULT.bytes()), StandardCharsets.UTF_8);
      String essential = live
          ? EssentialText.ofAnswer(text)
          : EssentialText.of(text)
              .orElseThrow(
                  () -> new UserError(
                      source.name()
                          + ": error: it holds a Secret in a document that cannot be read, and a page is made to be passed on (hint: mend the document, or read it without the Secret)"));
      return new PageSource(source.name(), essential, source.isFound());
    } catch (IOException problem) {
      throw new UserError(source.name() + ": error: cannot read it: " + problem.getMessage());
    }
  }

  private String about(List<PageSource> sources, PageReading reading) {
    List<String> parts = new ArrayList<>();
    if (!sources.isEmpty()) {
      parts.add("From " + sources.stream().map(PageSource::name).collect(ShortList.ofFirst(NAMED)));
      parts.addAll(words(reading));
    }
    parts.add("postern " + Release.version());
    if (dated) {
      parts.add(day().toString());
    }
    return Printable.line(String.join(" · ", parts));
  }

  /** What differs from how everything is read where nothing else is said. */
  private static List<String> words(PageReading reading) {
    List<String> words = new ArrayList<>();
    if (reading.closed()) {
      words.add("complete");
    }
    if (!reading.ignored().kinds().isEmpty()) {
      words.add("without " + String.join(", ", reading.ignored().kinds()));
    }
    reading.names().ifPresent(name -> words.add("namespace " + name));
    Options options = reading.options();
    if (!options.ipBlockMatchesPods()) {
      words.add("an ipBlock does not match addresses of pods");
    }
    if (!options.nodeTrafficPasses()) {
      words.add("policies judge traffic between a pod and its node");
    }
    if (options.hostNetwork() == Options.HostNetwork.POD) {
      words.add("a pod on the host network counts as a pod");
    }
    switch (options.missingAddress()) {
      case UNMATCHED -> {}
      case PRIVATE -> words.add("a pod without a known address may have any private one");
      case ANY -> words.add("a pod without a known address may have any");
    }
    ServiceProxy services = reading.services();
    if (services.keepsClients()) {
      words.add("pods see the client's own address");
    }
    if (!services.shortCutsLoadBalancers()) {
      words.add("calls to a load balancer's address go to it first");
    }
    return words;
  }

  /** The page's day, also where it does not say so. */
  private LocalDate day() {
    String epoch = console.environment().getOrDefault("SOURCE_DATE_EPOCH", "").strip();
    try {
      Instant time = epoch.isEmpty() ? Instant.now() : Instant.ofEpochSecond(Long.parseLong(epoch));
      return time.atOffset(ZoneOffset.UTC).toLocalDate();
    } catch (NumberFormatException | DateTimeException problem) {
      throw new UserError("postern: error: SOURCE_DATE_EPOCH is `" + epoch
          + "` (hint: write seconds since 1970, as 1700000000)");
    }
  }
}
