package dev.postern.lint.mark;

import dev.postern.diagnostic.Code;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a mark says: {@code NP313,NP310 until 2027-01-31: the reason}.
 *
 * @param rules which rules are to be left alone
 * @param until the last day on which it counts
 * @param reason why
 */
record IgnoreText(List<RuleName> rules, Optional<LocalDate> until, String reason) {

  private static final Pattern FORM = Pattern.compile(
      "(NP[0-9]{3}(?:\\s*,\\s*NP[0-9]{3})*)(?:\\s+until\\s+(\\S+?):?)?(?=\\s|:|$):?\\s*(.*)");

  IgnoreText {
    rules = List.copyOf(rules);
  }

  /** Says what is wrong with a mark. */
  static final class BadMark extends Exception {
    private static final long serialVersionUID = 1;

    BadMark(String message) {
      super(message, null, false, false);
    }
  }

  static IgnoreText of(String text) throws BadMark {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new BadMark("it names no rule");
    }
    List<RuleName> rules = new ArrayList<>();
    for (String rule : matcher.group(1).split(",")) {
      RuleName.of(rule).ifPresent(rules::add);
    }
    Optional<LocalDate> until = Optional.empty();
    if (matcher.group(2) != null) {
      try {
        until = Optional.of(LocalDate.parse(matcher.group(2)));
      } catch (DateTimeParseException problem) {
        throw new BadMark("`" + matcher.group(2) + "` is no day");
      }
    }
    String reason = matcher.group(3).strip();
    if (reason.isEmpty()) {
      throw new BadMark("it gives no reason");
    }
    return new IgnoreText(rules, until, reason);
  }

  boolean matches(Code code) {
    return rules.stream().anyMatch(rule -> rule.matches(code));
  }
}
