package org.teavm.classlib.java.util.concurrent;

import java.util.function.Supplier;

/** Without threads, what is to be done later is done at once. */
public class TCompletableFuture<T> {

  private final T value;

  private TCompletableFuture(T value) {
    this.value = value;
  }

  public static <U> TCompletableFuture<U> completedFuture(U value) {
    return new TCompletableFuture<>(value);
  }

  public static <U> TCompletableFuture<U> supplyAsync(Supplier<U> supplier) {
    return new TCompletableFuture<>(supplier.get());
  }

  public T join() {
    return value;
  }
}
