package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How many places it takes to add a thing, as CONTRIBUTING.md says by examples: a name, and all classes that speak of it. */
class ExtensionPlacesTest {

  private static final Pattern EXAMPLE =
      Pattern.compile("\\*Example:\\*\\s`([^`]+)`\\sstands([^.;]*?)in\\s([^.;]*)");

  private static final Pattern NAME = Pattern.compile("`([A-Za-z]+)`");

  /** Comments may name what they explain. */
  private static final Pattern COMMENT =
      Pattern.compile("/\\*.*?\\*/|(?m:^\\s*//[^\\n]*$)", Pattern.DOTALL);

  /** Modules that are not shipped have examples of everything. */
  private static final Set<String> ASIDE = Set.of("testing", "benchmarks", "examples");

  @Test
  void aThingStandsInThePlacesThatTheDocumentSays() throws IOException {
    Map<Path, String> sources = sources();
    Map<String, Set<String>> said = new TreeMap<>();
    Map<String, Set<String>> found = new TreeMap<>();
    EXAMPLE.matcher(Files.readString(Path.of("../CONTRIBUTING.md"))).results().forEach(example -> {
      said.put(example.group(1), names(example));
      found.put(example.group(1), places(example.group(1), sources));
    });

    assertThat(said)
        .containsOnlyKeys(
            "CLUSTER_NETWORK_POLICY", "dev.postern.aws", "EntranceCut", "CsvMatrix", "TestCommand");
    assertThat(found).isEqualTo(said);
  }

  private static Set<String> names(MatchResult example) {
    return NAME.matcher(example.group(3))
        .results()
        .map(name -> name.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The classes that speak of a name: of a package those outside of it, of a class the others. */
  private static Set<String> places(String name, Map<Path, String> sources) {
    Pattern word = Pattern.compile("(?<![\\w.])" + Pattern.quote(name) + "(?!\\w)"
        + (name.contains(".") ? "" : "|(?<=\\.)" + Pattern.quote(name) + "(?!\\w)"));
    String own = name.contains(".") ? "/" + name.replace('.', '/') + "/" : "/" + name + ".java";
    return sources.entrySet().stream()
        .filter(source -> !source.getKey().toString().contains(own))
        .filter(source -> word.matcher(source.getValue()).find())
        .map(source -> source.getKey().getFileName().toString().replace(".java", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Map<Path, String> sources() throws IOException {
    Map<Path, String> sources = new TreeMap<>();
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      for (Path module : modules.toList()) {
        Path main = module.resolve("src/main/java");
        if (Files.isDirectory(main) && !ASIDE.contains(module.getFileName().toString())) {
          try (Stream<Path> files = Files.walk(main)) {
            for (Path file :
                files.filter(each -> each.toString().endsWith(".java")).toList()) {
              sources.put(file, COMMENT.matcher(Files.readString(file)).replaceAll(""));
            }
          }
        }
      }
    }
    return sources;
  }
}
