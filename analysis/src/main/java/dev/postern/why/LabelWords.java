package dev.postern.why;

import dev.postern.selector.Labels;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.Optional;

/** Says what a selector misses in labels. */
final class LabelWords {

  private LabelWords() {}

  /** The first requirement that does not hold: {@code needs app=frontend, shop/cart has app=cart}. */
  static Optional<String> miss(Selector selector, Labels labels, String owner) {
    for (Requirement requirement : selector.requirements()) {
      if (!requirement.matches(labels)) {
        String has = labels
            .get(requirement.key())
            .map(value -> "has " + requirement.key() + "=" + value)
            .orElse("has no label " + requirement.key());
        return Optional.of("needs " + requirement + ", " + owner + " " + has);
      }
    }
    return Optional.empty();
  }
}
