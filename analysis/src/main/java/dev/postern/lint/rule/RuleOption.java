package dev.postern.lint.rule;

import dev.postern.policy.Direction;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Something about a rule that a team may set: a list of values of one type. A rule declares each once, as a constant, and asks {@link
 * LintOptions#values} for it; two are the same only if they are the same object.
 *
 * @param <T> the type of a value
 */
public final class RuleOption<T> {

  /** What a value is. */
  public enum Kind {
    /** A port's number, 1 to 65535. */
    PORT,
    /** A direction: {@code ingress} or {@code egress}. */
    DIRECTION
  }

  private final String name;
  private final String description;
  private final Kind kind;
  private final Function<String, Optional<T>> reader;
  private final List<T> otherwise;

  private RuleOption(
      String name,
      String description,
      Kind kind,
      Function<String, Optional<T>> reader,
      List<T> otherwise) {
    this.name = name;
    this.description = description;
    this.kind = kind;
    this.reader = reader;
    this.otherwise = List.copyOf(otherwise);
  }

  /** Numbers of ports. */
  static RuleOption<Integer> ports(String name, String description, List<Integer> otherwise) {
    return new RuleOption<>(name, description, Kind.PORT, RuleOption::port, otherwise);
  }

  /** Directions. */
  static RuleOption<Direction> directions(
      String name, String description, List<Direction> otherwise) {
    return new RuleOption<>(
        name,
        description,
        Kind.DIRECTION,
        word -> Arrays.stream(Direction.values())
            .filter(direction -> direction.field().equals(word))
            .findFirst(),
        otherwise);
  }

  private static Optional<Integer> port(String word) {
    if (!word.matches("[1-9]\\d{0,4}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(word);
    return port <= 65535 ? Optional.of(port) : Optional.empty();
  }

  /** How settings call it. */
  public String name() {
    return name;
  }

  /** What it is, a sentence. */
  public String description() {
    return description;
  }

  /** What its values are. */
  public Kind kind() {
    return kind;
  }

  /** What counts if nothing is set. */
  List<T> otherwise() {
    return otherwise;
  }

  /** The value that a word stands for; empty if it stands for none. */
  public Optional<T> value(String word) {
    return reader.apply(word);
  }
}
