package dev.postern.manifest;

import java.util.Optional;
import java.util.function.Supplier;

/** A value that is made when first asked for, and once. Safe for use by many threads. */
final class Once<T> {

  private final Supplier<T> make;
  private volatile Optional<T> made = Optional.empty();

  Once(Supplier<T> make) {
    this.make = make;
  }

  T get() {
    Optional<T> known = made;
    return known.isPresent() ? known.get() : makeIt();
  }

  private synchronized T makeIt() {
    if (made.isEmpty()) {
      made = Optional.of(make.get());
    }
    return made.get();
  }
}
