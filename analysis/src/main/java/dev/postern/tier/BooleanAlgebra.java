package dev.postern.tier;

import java.util.List;

/**
 * What conditions on flows are combined by: bits of a word, sentences, formulas. Implementations say whether they may be shared between
 * threads.
 *
 * @param <T> a condition
 */
public interface BooleanAlgebra<T> {

  /** What no flow meets. */
  T no();

  /** What every flow meets. */
  T yes();

  T not(T condition);

  T and(T one, T other);

  T or(T one, T other);

  /** What meets one of these at least; {@link #no} of none. */
  default T any(List<T> conditions) {
    T any = no();
    for (T condition : conditions) {
      any = or(any, condition);
    }
    return any;
  }

  /** {@code condition ? then : otherwise}. */
  default T choose(T condition, T then, T otherwise) {
    return or(and(condition, then), and(not(condition), otherwise));
  }
}
