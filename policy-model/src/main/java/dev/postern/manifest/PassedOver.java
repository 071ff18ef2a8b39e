package dev.postern.manifest;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What directories hold and reading left alone. A file that is named by itself is always read.
 *
 * @param files the files, by name, and why
 * @param unrendered the charts and kustomizations whose objects are not known, since nobody rendered them
 */
public record PassedOver(SortedMap<String, SkipReason> files, List<Unrendered> unrendered) {

  /** Nothing was left alone. */
  public static final PassedOver NOTHING = new PassedOver(new TreeMap<>(), List.of());

  /** Why a file was not read. */
  public enum SkipReason {
    /** No document in it looks like an object: CI files, {@code package.json}, values. */
    NO_MANIFEST("no manifest", "no manifests"),
    /** {@code Chart.yaml} and whatever else only Helm reads. */
    CHART("file of a chart", "files of charts"),
    /** Text with template actions, which a tool must fill in first. */
    TEMPLATE("template", "templates"),
    /** {@code kustomization.yaml}, and the patches and settings that it names. */
    KUSTOMIZATION("file of a kustomization", "files of kustomizations"),
    /** What the rendered output holds. */
    RENDERED("file that is rendered", "files that are rendered"),
    /** Lies with tests, or with what somebody else's program is built of. */
    TEST("file of tests", "files of tests"),
    /** The user said so. */
    EXCLUDED("excluded file", "excluded files");

    private final String one;
    private final String many;

    SkipReason(String one, String many) {
      this.one = one;
      this.many = many;
    }

    /** {@code 2 templates}. */
    public String count(long number) {
      return number + " " + (number == 1 ? one : many);
    }
  }

  /** Who renders a directory. */
  public enum Renderer {
    HELM("chart"),
    KUSTOMIZE("kustomization");

    private final String word;

    Renderer(String word) {
      this.word = word;
    }

    /** What such a directory is called. */
    public String word() {
      return word;
    }
  }

  /**
   * A directory whose objects a tool would have to make.
   *
   * @param directory its path, as the user gave it or below that
   * @param renderer the tool
   */
  public record Unrendered(String directory, Renderer renderer) {}

  public PassedOver {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    unrendered = List.copyOf(unrendered);
  }

  /** Whether nothing was left alone. */
  public boolean isEmpty() {
    return files.isEmpty() && unrendered.isEmpty();
  }
}
