package dev.postern.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Postern;
import dev.postern.cli.Run;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.Printer;
import dev.postern.cli.help.HelpLines;
import dev.postern.cli.help.Topic;
import dev.postern.diagnostic.Code;
import dev.postern.lint.Lint;
import dev.postern.lint.rule.LintRule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program says about itself: pages of codes and topics, usages, its version, and when it does so in colour. */
class ManualTest {

  private static final Path DOCS = Path.of("../docs");

  static Stream<String> codes() {
    return Stream.concat(Code.ofReading().stream(), Lint.rules().stream().map(LintRule::code))
        .map(Code::id)
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("codes")
  void everyCodeIsExplainedByItsPage(String code) throws IOException {
    assertThat(Run.of("explain", code))
        .isEqualTo(new Run(
            0, Files.readString(DOCS.resolve("diagnostics/" + code + ".md")).strip() + "\n", ""));
  }

  @Test
  void aCodeIsExplainedInAnyCaseOfLettersAndBySameWordsOfHelpAndLint() {
    Run run = Run.of("explain", "NP111");

    assertThat(run.out()).startsWith("# NP111: an unknown field\n");
    assertThat(Run.of("explain", "np111")).isEqualTo(run);
    assertThat(Run.of("help", "NP111")).isEqualTo(run);
    assertThat(Run.of("lint", "--explain", "NP111")).isEqualTo(run);
  }

  @Test
  void ofAWordThatIsNoCodeTheNearestCodeIsNamed() {
    assertThat(Run.of("explain", "NP1111"))
        .isEqualTo(new Run(
            2, "", "postern explain: error: `NP1111` is no code (hint: did you mean `NP111`?)\n"));
    assertThat(Run.of("explain", "../../x").err())
        .contains("`../../x` is no code (hint: write it as reports do, as NP313)");
    assertThat(Run.of("explain").status()).isEqualTo(2);
  }

  @Test
  void helpHasAPageForEveryDocumentOfUse() throws IOException {
    try (Stream<Path> documents =
        Stream.concat(Files.list(DOCS), Files.list(DOCS.resolve("targets")))) {
      assertThat(Topic.all().stream().map(topic -> topic.path() + ".md"))
          .containsExactlyInAnyOrderElementsOf(documents
              .filter(file -> file.toString().endsWith(".md"))
              .map(file -> DOCS.relativize(file).toString())
              .filter(file -> !file.equals("ARCHITECTURE.md"))
              .toList());
    }
    for (Topic topic : Topic.all()) {
      Run run = Run.of("help", topic.name());
      assertThat(run.status()).as(topic.name()).isZero();
      assertThat(run.out())
          .as(topic.name())
          .endsWith(Files.readString(DOCS.resolve(topic.path() + ".md")).strip() + "\n");
    }
  }

  @Test
  void helpOfACommandIsItsUsageAndItsPageIfItHasOne() {
    assertThat(Run.of("help", "can").out()).isEqualTo(Run.of("can", "--help").out());
    assertThat(Run.of("help", "lint").out())
        .startsWith(Run.of("lint", "--help").out())
        .contains("\n# Using lint\n");
  }

  @Test
  void helpAloneListsCommandsAndTopics() {
    Run run = Run.of("help");

    assertThat(run.status()).isZero();
    assertThat(run.out())
        .startsWith(Run.of("--help").out())
        .contains("\n  questions     Questions\n", "\n  nftables      Target: nftables\n");
  }

  @Test
  void helpAboutNothingKnownNamesTheNearest() {
    assertThat(Run.of("help", "semantic"))
        .isEqualTo(
            new Run(
                2,
                "",
                "postern help: error: there is no command and no topic `semantic` (hint: did you mean `semantics`?)\n"));
    assertThat(Run.of("help", "a\nb").err())
        .isEqualTo(
            "postern help: error: there is no command and no topic `a\\nb` (hint: `postern help` lists them)\n");
  }

  @Test
  void theVersionSaysWhatItRunsOn() {
    assertThat(Run.of("version").out())
        .startsWith(Run.of("--version").out())
        .contains("Java " + Runtime.version());
    assertThat(Run.of("version", "-o", "json").out())
        .contains("{\n  \"version\" : \"", "\"java\" : \"" + Runtime.version() + "\"", "\"arch\"");
  }

  private static String onConsole(
      boolean terminal, Map<String, String> environment, String... more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Console console = new Console(
        InputStream.nullInputStream(),
        Printer.to(out),
        Printer.to(out),
        environment,
        terminal,
        terminal);
    List<String> arguments =
        Stream.concat(Stream.of("explain", "NP111"), Stream.of(more)).toList();
    assertThat(Postern.run(console, arguments.toArray(String[]::new))).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "false, '', '', '', false",
    "true, '', '', '', true",
    "true, 1, '', '', false",
    "true, 1, 1, '', false",
    "false, '', 1, '', true",
    "false, '', 0, '', false",
    "true, '', 0, '', true",
    "false, '', false, '', false",
    "false, 1, '', always, true",
    "true, '', 1, never, false",
    "true, '', '', auto, true",
    "false, '', 1, auto, true"
  })
  void theCommandLineCountsBeforeTheEnvironmentAndThatBeforeTheTerminal(
      boolean terminal, String no, String force, String option, boolean coloured) {
    String text = onConsole(
        terminal,
        Map.of("NO_COLOR", no, "FORCE_COLOR", force),
        option.isEmpty() ? new String[0] : new String[] {"--color=" + option});

    assertThat(text)
        .startsWith(
            coloured
                ? "\u001b[1m# NP111: an unknown field\u001b[0m\n"
                : "# NP111: an unknown field\n");
    assertThat(text.contains("\u001b")).isEqualTo(coloured);
  }

  private static String help(Map<String, String> environment, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Printer printer = Printer.to(out);
    Console console =
        new Console(InputStream.nullInputStream(), printer, printer, environment, false, false);
    assertThat(Postern.run(console, arguments)).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static int longest(String text) {
    return text.lines().mapToInt(String::length).max().orElse(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"60", "80", "132"})
  void helpIsAsWideAsTheTerminal(String columns) {
    Map<String, String> environment = Map.of("COLUMNS", columns);
    int width = Integer.parseInt(columns);

    assertThat(longest(help(environment, "lint", "--help"))).isBetween(width - 20, width);
    assertThat(longest(help(environment, "help", "prove"))).isGreaterThan(width - 20);
    assertThat(help(environment, "explain", "NP111").lines().filter(line -> line.contains(". ")))
        .allMatch(line -> line.length() <= width);
  }

  @Test
  void helpHas80ColumnsWhereNobodyKnowsMore() {
    assertThat(longest(help(Map.of(), "lint", "--help"))).isBetween(60, 80);
    assertThat(help(Map.of("COLUMNS", "3"), "lint", "--help")).contains("Options:");
    assertThat(help(Map.of("COLUMNS", "wide"), "lint", "--help"))
        .isEqualTo(help(Map.of(), "lint", "--help"));
  }

  /** Help has many words in which picocli would break a line: names of files, ranges of addresses, an option with its value. */
  @ParameterizedTest
  @MethodSource("commands")
  void helpBreaksNoWordAndOnlyAWordIsWiderThanTheTerminal(String command) {
    String[] line = (command + " --help").strip().split(" ");
    for (String color : List.of("--color=never", "--color=always")) {
      String[] coloured = Stream.concat(Stream.of(color), Stream.of(line)).toArray(String[]::new);
      String whole = help(Map.of("COLUMNS", "9999"), coloured);
      for (int columns = 40; columns <= 120; columns += 2) {
        String fitted = columns % 40 == 0
            ? help(Map.of("COLUMNS", Integer.toString(columns)), coloured)
            : HelpLines.fitted(whole, columns);
        int width = columns;
        assertThat(words(fitted)).as("%s columns", columns).isEqualTo(words(whole));
        assertThat(fitted.replaceAll("\u001b\\[[0-9;]*m", "").lines())
            .as("%s columns", columns)
            .allMatch(each -> each.length() <= width || !each.strip().contains(" "));
      }
    }
  }

  static Stream<String> commands() {
    return Stream.concat(
        Stream.of(""),
        help(Map.of(), "--help")
            .lines()
            .dropWhile(line -> !line.equals("Commands:"))
            .skip(1)
            .takeWhile(line -> !line.isEmpty())
            .filter(line -> line.matches("  [a-z].*"))
            .map(line -> line.strip().split(" ")[0]));
  }

  private static List<String> words(String text) {
    return List.of(text.replace(" \\\n", "\n").strip().split("\\s+"));
  }

  @Test
  void anExampleThatGoesOnBelowIsOneCommandAndWhatIsSaidStandsUnderEachOther() {
    assertThat(HelpLines.fitted("""
            Usage: postern lint [--a=<a>[,<a>...]] [--bb=<b>]
              -o, --output=<format>  One of text, json; default: text.
                  --quiet            Say less.
              postern lint examples/one.yaml examples/two.yaml
            """, 40)).isEqualTo("""
            Usage: postern lint [--a=<a>[,<a>...]]
                                [--bb=<b>]
              -o, --output=<format>
                      One of text, json; default:
                      text.
                  --quiet            Say less.
              postern lint examples/one.yaml \\
                  examples/two.yaml
            """);
  }

  @Test
  void theListOfCommandsSaysAllOfWhatEachDoes() {
    assertThat(help(Map.of("COLUMNS", "9999"), "--help"))
        .contains("  review        Say what a change does:", "statements that it breaks.\n");
  }

  @Test
  void aDumbTerminalShowsNoColour() {
    assertThat(onConsole(true, Map.of("TERM", "dumb"))).doesNotContain("\u001b");
  }

  @Test
  void theOptionIsOfEveryCommandAndOfTheHelp() {
    assertThat(Run.of(
                "can",
                "shop/frontend",
                "reach",
                "shop/db",
                "on",
                "5432",
                "--color",
                "always",
                "-f",
                "../examples/shop")
            .out())
        .startsWith("\u001b[32mallowed\u001b[0m: ");
    assertThat(Run.of("--color=always", "can", "--help").out()).contains("\u001b[");
    assertThat(Run.of("can", "--help", "--color=never").out())
        .doesNotContain("\u001b[")
        .contains("--color");
    Run bad = Run.of("can", "--color=sometimes");
    assertThat(bad.status()).isEqualTo(2);
    assertThat(bad.err()).contains("auto, always, never");
  }

  /** The words that a person looks for first are set off alike whatever the command. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "test -f ../examples/shop ../examples/shop/shop.postern | \u001b[32mok  \u001b[0m  ",
        "diff ../examples/shop ../examples/queue | \u001b[31m- ",
        "diff ../examples/queue ../examples/shop | \u001b[32m+ ",
        "prove -f ../examples/queue/cluster.yaml --nft ../examples/queue/ruleset.nft --dataplane kube-network-policies | \u001b[33mqueued\u001b[0m: ",
        "prove -f ../examples/queue/cluster.yaml --nft ../examples/queue/ruleset-member-lost.nft --dataplane kube-network-policies | \u001b[31mdiffers\u001b[0m: ",
      })
  void everyCommandSetsOffItsVerdicts(String line, String setOff) {
    String[] words = ("--color=always " + line).split(" ");
    assertThat(Run.of(words).out()).contains(setOff.strip());
    words[0] = "--color=never";
    assertThat(Run.of(words).out()).isNotEmpty().doesNotContain("\u001b");
  }
}
