package dev.postern.answer;

import dev.postern.meaning.End;

/** Which clients a way leads on: node ports are no ports of the name by which pods call a Service. */
enum Clients {
  EVERYONE,
  INSIDE,
  OUTSIDE;

  /** Whether an end is one of them. */
  boolean include(End client) {
    return switch (this) {
      case EVERYONE -> true;
      case INSIDE -> !(client instanceof End.Outside);
      case OUTSIDE -> client instanceof End.Outside;
    };
  }

  /** Whether one of a site's ends is one of them. */
  boolean include(Site site) {
    return site.cells().stream().anyMatch(cell -> include(cell.first()));
  }
}
