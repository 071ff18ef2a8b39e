package dev.postern.lint.mark;

import dev.postern.diagnostic.Code;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How users name rules: a code ({@code NP313}), or what a group of codes begins with ({@code NP3}, {@code NP}).
 *
 * @param prefix in capitals
 */
public record RuleName(String prefix) {

  private static final Pattern FORM = Pattern.compile("NP[0-9]{0,3}");

  /** The rules of a name; empty if it is none. */
  public static Optional<RuleName> of(String text) {
    String name = text.strip().toUpperCase(Locale.ROOT);
    return FORM.matcher(name).matches() ? Optional.of(new RuleName(name)) : Optional.empty();
  }

  /** Whether a code is meant. */
  public boolean matches(Code code) {
    return code.id().startsWith(prefix);
  }

  @Override
  public String toString() {
    return prefix;
  }
}
