package dev.postern.cli.help;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A page of the manual, which the program carries with it. Immutable.
 *
 * @param path its file below {@code docs}, without {@code .md}
 */
public record Topic(String path) {

  /** By what a reader needs first. */
  private static final List<Topic> ALL = Stream.of(
          "questions",
          "cli",
          "lint",
          "traffic",
          "prove",
          "semantics",
          "dataplanes",
          "scripts",
          "deltas",
          "report",
          "ci",
          "repositories",
          "live",
          "library",
          "spark",
          "found",
          "targets/iptables",
          "targets/nftables",
          "targets/ovn",
          "targets/ovs",
          "targets/bpf",
          "targets/cilium",
          "targets/aws")
      .map(Topic::new)
      .toList();

  /** All pages, in the order in which the help lists them. */
  public static List<Topic> all() {
    return ALL;
  }

  /** The page of a topic, in any case of letters. */
  public static Optional<Topic> of(String name) {
    return ALL.stream()
        .filter(topic -> topic.name().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  /** What a user calls it, as {@code questions}. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Its first heading. */
  public String title() {
    return page().lines().findFirst().orElse("").replaceFirst("^# ", "");
  }

  /** Its text, in Markdown. */
  public String page() {
    try (InputStream page = Topic.class.getResourceAsStream("pages/" + path + ".md")) {
      if (page == null) {
        throw new IllegalStateException("the program was packaged without its page " + path);
      }
      return new String(page.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }
}
