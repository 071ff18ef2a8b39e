package dev.postern.manifest;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * A value that is made when first asked for, and once. Who has it says at the one place where it asks how it is made, so that one that nobody
 * asks for is next to nothing. Safe for use by many threads.
 */
final class Once<T> {

  private volatile Optional<T> made = Optional.empty();

  T get(Supplier<T> make) {
    Optional<T> known = made;
    return known.isPresent() ? known.get() : makeIt(make);
  }

  private synchronized T makeIt(Supplier<T> make) {
    if (made.isEmpty()) {
      made = Optional.of(make.get());
    }
    return made.get();
  }
}
