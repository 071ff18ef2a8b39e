package dev.postern.cli.input;

import dev.postern.diagnostic.ShortList;
import dev.postern.manifest.PassedOver;
import dev.postern.manifest.PassedOver.Renderer;
import dev.postern.manifest.PassedOver.SkipReason;
import dev.postern.manifest.PassedOver.Unrendered;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says once what directories hold that was not read. */
final class PassedOverWords {

  /** As many directories are named. */
  private static final int NAMED = 3;

  private PassedOverWords() {}

  /** {@code 3 files skipped: 2 templates, 1 no manifest; chart deploy/web not rendered (use --render)}; empty if all was read. */
  static Optional<String> of(PassedOver passedOver) {
    if (passedOver.isEmpty()) {
      return Optional.empty();
    }
    List<String> parts = new ArrayList<>();
    int files = passedOver.files().size();
    if (files > 0) {
      Map<SkipReason, Integer> counts = new EnumMap<>(SkipReason.class);
      passedOver.files().values().forEach(reason -> counts.merge(reason, 1, Integer::sum));
      List<String> reasons = new ArrayList<>();
      counts.forEach((reason, count) -> reasons.add(reason.count(count)));
      parts.add(
          files + (files == 1 ? " file" : " files") + " skipped: " + String.join(", ", reasons));
    }
    List<String> unrendered = new ArrayList<>();
    for (Renderer renderer : Renderer.values()) {
      List<String> directories = passedOver.unrendered().stream()
          .filter(each -> each.renderer() == renderer)
          .map(Unrendered::directory)
          .toList();
      if (!directories.isEmpty()) {
        unrendered.add(named(renderer, directories));
      }
    }
    if (!unrendered.isEmpty()) {
      parts.add(String.join(", ", unrendered) + " not rendered (use --render)");
    }
    return Optional.of(String.join("; ", parts));
  }

  private static String named(Renderer renderer, List<String> directories) {
    return renderer.word()
        + (directories.size() == 1 ? " " : "s ")
        + directories.stream().collect(ShortList.ofFirst(NAMED));
  }
}
