package dev.postern.diagnostic;

import static dev.postern.diagnostic.Severity.ERROR;
import static dev.postern.diagnostic.Severity.WARNING;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What kind of thing a finding says, under an id that never changes its meaning. NP1xx are errors of reading (what the API server refuses,
 * or nobody can read), NP2xx its warnings: they stand here. NP3xx and up are what policies mean together: each lint rule brings its own.
 * Each has a page {@code docs/diagnostics/<id>.md}.
 *
 * <p>{@code {0}}, {@code {1}} … in a message stand for its arguments. Immutable; equal if the same object.
 */
public final class Code implements Comparable<Code> {
  private static final List<Code> READING = new ArrayList<>();

  // Sources and documents.
  public static final Code UNREADABLE =
      reading("UNREADABLE", "NP101", ERROR, "cannot read {0}: {1}");
  public static final Code NOT_UTF8 =
      reading("NOT_UTF8", "NP102", ERROR, "the text is not UTF-8: {0}");
  public static final Code YAML_SYNTAX =
      reading("YAML_SYNTAX", "NP103", ERROR, "this is not YAML: {0}");
  public static final Code JSON_SYNTAX =
      reading("JSON_SYNTAX", "NP104", ERROR, "this is not JSON: {0}");
  public static final Code LIMIT = reading("LIMIT", "NP105", ERROR, "{0}");
  public static final Code NOT_AN_OBJECT = reading("NOT_AN_OBJECT", "NP107", ERROR, "{0}");
  public static final Code DUPLICATE_OBJECT =
      reading("DUPLICATE_OBJECT", "NP108", ERROR, "{0} is declared twice; the first is at {1}");
  public static final Code NOTHING_TO_READ = reading("NOTHING_TO_READ", "NP109", ERROR, "{0}");
  public static final Code UNKNOWN_VERSION =
      reading("UNKNOWN_VERSION", "NP110", ERROR, "`{0}` has no version `{1}` that Postern knows");

  // Fields of any object.
  public static final Code UNKNOWN_FIELD =
      reading("UNKNOWN_FIELD", "NP111", ERROR, "unknown field `{0}` in {1}");
  public static final Code WRONG_TYPE =
      reading("WRONG_TYPE", "NP112", ERROR, "`{0}` must be {1}, not {2}");
  public static final Code MISSING_FIELD =
      reading("MISSING_FIELD", "NP113", ERROR, "{0} needs `{1}`");
  public static final Code NOT_ALLOWED = reading("NOT_ALLOWED", "NP114", ERROR, "`{0}` is no {1}");
  public static final Code BAD_NAME = reading("BAD_NAME", "NP115", ERROR, "`{0}` is no {1}: {2}");
  public static final Code BAD_LABEL =
      reading("BAD_LABEL", "NP116", ERROR, "`{0}` is no label {1}: {2}");

  // Policies.
  public static final Code SELECTOR_VALUES =
      reading("SELECTOR_VALUES", "NP117", ERROR, "operator `{0}` {1}");
  public static final Code BAD_PORT = reading("BAD_PORT", "NP118", ERROR, "{0}");
  public static final Code BAD_PORT_RANGE = reading("BAD_PORT_RANGE", "NP119", ERROR, "{0}");
  public static final Code BAD_CIDR = reading("BAD_CIDR", "NP120", ERROR, "{0}");
  public static final Code EXCEPT_OUTSIDE =
      reading("EXCEPT_OUTSIDE", "NP121", ERROR, "`{0}` is not a part of `{1}`");
  public static final Code EMPTY_PEER = reading(
      "EMPTY_PEER", "NP122", ERROR, "an empty peer says nothing; the API server refuses it");
  public static final Code MIXED_PEER =
      reading("MIXED_PEER", "NP123", ERROR, "{0} cannot stand in one peer");
  public static final Code BAD_PRIORITY =
      reading("BAD_PRIORITY", "NP124", ERROR, "priority {0} is not in 0..1000");
  public static final Code BAD_SUBJECT = reading(
      "BAD_SUBJECT",
      "NP125",
      ERROR,
      "a subject holds exactly one of `namespaces` and `pods`, not {0}");
  public static final Code WRONG_COUNT =
      reading("WRONG_COUNT", "NP126", ERROR, "`{0}` takes {1} entries, not {2}");
  public static final Code BASELINE_NAME = reading(
      "BASELINE_NAME",
      "NP127",
      ERROR,
      "the one BaselineAdminNetworkPolicy is named `default`, not `{0}`");
  public static final Code DOMAIN_NAME = reading("DOMAIN_NAME", "NP128", ERROR, "{0}");
  public static final Code NAMED_PORT_PEER = reading(
      "NAMED_PORT_PEER",
      "NP129",
      ERROR,
      "a port name cannot stand beside the peer `{0}`: only pods name their ports");
  public static final Code PROTOCOL_ENTRY = reading(
      "PROTOCOL_ENTRY", "NP130", ERROR, "an entry of `{0}` holds exactly one of {1}, not {2}");

  // Warnings.
  public static final Code IGNORED_FIELD =
      reading("IGNORED_FIELD", "NP201", WARNING, "unknown field `{0}` in {1} is ignored");
  public static final Code NULL_FIELD =
      reading("NULL_FIELD", "NP202", WARNING, "`{0}` is null, which the API server reads as {1}");
  public static final Code HOST_BITS =
      reading("HOST_BITS", "NP203", WARNING, "`{0}` has bits set after its prefix and means `{1}`");
  public static final Code UNKNOWN_PEER =
      reading("UNKNOWN_PEER", "NP204", WARNING, "this peer has no field that Postern knows: {0}");
  public static final Code NO_POD_SELECTOR = reading(
      "NO_POD_SELECTOR",
      "NP205",
      WARNING,
      "without `podSelector` this policy selects every pod of its namespace");
  public static final Code EMPTY_SOURCE =
      reading("EMPTY_SOURCE", "NP206", WARNING, "{0} holds no object");
  public static final Code OLD_VERSION = reading(
      "OLD_VERSION", "NP207", WARNING, "`{0}` is no longer served for {1}; it is read as `{2}`");
  public static final Code EMPTY_PROTOCOL = reading(
      "EMPTY_PROTOCOL",
      "NP208",
      WARNING,
      "an empty `{0}` is read as every {1} port, but current API servers refuse it");
  public static final Code NO_SELECTOR = reading(
      "NO_SELECTOR",
      "NP209",
      WARNING,
      "without `{0}` this selects every {1}, where the API server wants `{0}: {}`");
  public static final Code ODD_NAME =
      reading("ODD_NAME", "NP210", WARNING, "`{0}` is no {1} that the API server takes: {2}");
  public static final Code RENAMED_KEY =
      reading("RENAMED_KEY", "NP211", WARNING, "the key `{0}` is read as `{1}`");
  public static final Code REPEATED_KEY = reading(
      "REPEATED_KEY",
      "NP212",
      WARNING,
      "`{0}` is written twice and this one counts; the first is on line {1}");
  public static final Code OPEN_PARAMETERS = reading(
      "OPEN_PARAMETERS",
      "NP213",
      WARNING,
      "{0} is not read, since parameters of its Template are open in it");

  private final String id;
  private final String name;
  private final Severity severity;
  private final String message;

  private Code(String id, String name, Severity severity, String message) {
    this.id = id;
    this.name = name;
    this.severity = severity;
    this.message = message;
  }

  private static Code reading(String name, String id, Severity severity, String message) {
    Code code = new Code(id, name, severity, message);
    READING.add(code);
    return code;
  }

  /**
   * The code of a lint rule.
   *
   * @param id {@code NP3} and two digits, or more; of no other rule
   * @param name its name in capitals, as {@code SPLIT_PEER}
   * @param severity how bad a finding is unless the user says otherwise
   * @param message the message, with places for arguments
   */
  public static Code ofRule(String id, String name, Severity severity, String message) {
    return new Code(id, name, severity, message);
  }

  /** The codes of reading, NP1xx and NP2xx, by id. */
  public static List<Code> ofReading() {
    return READING.stream().sorted().toList();
  }

  /** {@code NP} and three digits; stable across versions. */
  public String id() {
    return id;
  }

  /** Its name in capitals, as {@code UNKNOWN_FIELD}. */
  public String name() {
    return name;
  }

  public Severity severity() {
    return severity;
  }

  /** The code of reading with an {@link #id}. */
  public static Optional<Code> ofId(String id) {
    return READING.stream().filter(code -> code.id.equals(id)).findFirst();
  }

  /**
   * The code of reading with a {@link #name}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Code named(String name) {
    return READING.stream()
        .filter(code -> code.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no code " + name));
  }

  /** A finding with this code, without a hint. */
  public Diagnostic at(Origin origin, Object... arguments) {
    return new Diagnostic(
        this, severity, fill(arguments), "", origin, List.of(), Optional.empty(), Optional.empty());
  }

  /** By id. */
  @Override
  public int compareTo(Code other) {
    return id.compareTo(other.id);
  }

  @Override
  public String toString() {
    return id;
  }

  private String fill(Object... arguments) {
    StringBuilder text = new StringBuilder(message.length() + 32);
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      if (c == '{' && Character.isDigit(message.charAt(i + 1))) {
        text.append(arguments[message.charAt(i + 1) - '0']);
        i += 2;
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
