package dev.postern.diagnostic;

import static dev.postern.diagnostic.Severity.ERROR;
import static dev.postern.diagnostic.Severity.WARNING;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The catalogue: everything Postern can say about a manifest, under a code that never changes its meaning. NP1xx are errors of reading
 * (what the API server refuses, or nobody can read), NP2xx its warnings, NP3xx
 * what policies mean together. Each has a page {@code docs/diagnostics/<id>.md}.
 *
 * <p>{@code {0}}, {@code {1}} … in a message stand for its arguments.
 */
public enum Code {
  // Sources and documents.
  UNREADABLE("NP101", ERROR, "cannot read {0}: {1}"),
  NOT_UTF8("NP102", ERROR, "the text is not UTF-8: {0}"),
  YAML_SYNTAX("NP103", ERROR, "this is not YAML: {0}"),
  JSON_SYNTAX("NP104", ERROR, "this is not JSON: {0}"),
  LIMIT("NP105", ERROR, "{0}"),
  DUPLICATE_FIELD("NP106", ERROR, "`{0}` is written twice; the first is on line {1}"),
  NOT_AN_OBJECT("NP107", ERROR, "{0}"),
  DUPLICATE_OBJECT("NP108", ERROR, "{0} is declared twice; the first is at {1}"),
  NOTHING_TO_READ("NP109", ERROR, "{0}"),
  UNKNOWN_VERSION("NP110", ERROR, "`{0}` has no version `{1}` that Postern knows"),

  // Fields of any object.
  UNKNOWN_FIELD("NP111", ERROR, "unknown field `{0}` in {1}"),
  WRONG_TYPE("NP112", ERROR, "`{0}` must be {1}, not {2}"),
  MISSING_FIELD("NP113", ERROR, "{0} needs `{1}`"),
  NOT_ALLOWED("NP114", ERROR, "`{0}` is no {1}"),
  BAD_NAME("NP115", ERROR, "`{0}` is no {1}: {2}"),
  BAD_LABEL("NP116", ERROR, "`{0}` is no label {1}: {2}"),

  // Policies.
  SELECTOR_VALUES("NP117", ERROR, "operator `{0}` {1}"),
  BAD_PORT("NP118", ERROR, "{0}"),
  BAD_PORT_RANGE("NP119", ERROR, "{0}"),
  BAD_CIDR("NP120", ERROR, "{0}"),
  EXCEPT_OUTSIDE("NP121", ERROR, "`{0}` is not a part of `{1}`"),
  EMPTY_PEER("NP122", ERROR, "an empty peer says nothing; the API server refuses it"),
  MIXED_PEER("NP123", ERROR, "{0} cannot stand in one peer"),
  BAD_PRIORITY("NP124", ERROR, "priority {0} is not in 0..1000"),
  BAD_SUBJECT("NP125", ERROR, "a subject holds exactly one of `namespaces` and `pods`, not {0}"),
  WRONG_COUNT("NP126", ERROR, "`{0}` takes {1} entries, not {2}"),
  BASELINE_NAME("NP127", ERROR, "the one BaselineAdminNetworkPolicy is named `default`, not `{0}`"),
  DOMAIN_NAME("NP128", ERROR, "{0}"),
  NAMED_PORT_PEER(
      "NP129", ERROR, "a port name cannot stand beside the peer `{0}`: only pods name their ports"),
  PROTOCOL_ENTRY("NP130", ERROR, "an entry of `{0}` holds exactly one of {1}, not {2}"),

  // Warnings.
  IGNORED_FIELD("NP201", WARNING, "unknown field `{0}` in {1} is ignored"),
  NULL_FIELD("NP202", WARNING, "`{0}` is null, which the API server reads as {1}"),
  HOST_BITS("NP203", WARNING, "`{0}` has bits set after its prefix and means `{1}`"),
  UNKNOWN_PEER("NP204", WARNING, "this peer has no field that Postern knows: {0}"),
  NO_POD_SELECTOR(
      "NP205", WARNING, "without `podSelector` this policy selects every pod of its namespace"),
  EMPTY_SOURCE("NP206", WARNING, "{0} holds no object"),
  OLD_VERSION("NP207", WARNING, "`{0}` is no longer served for {1}; it is read as `{2}`"),
  EMPTY_PROTOCOL(
      "NP208",
      WARNING,
      "an empty `{0}` is read as every {1} port, but current API servers refuse it"),
  NO_SELECTOR(
      "NP209",
      WARNING,
      "without `{0}` this selects every {1}, where the API server wants `{0}: {}`"),
  ODD_NAME("NP210", WARNING, "`{0}` is no {1} that the API server takes: {2}"),
  RENAMED_KEY("NP211", WARNING, "the key `{0}` is read as `{1}`"),

  // What policies mean together. {0} is the policy, {1} a field in it.
  REDUNDANT_POLICY(
      "NP301", WARNING, "{0} is redundant: without it every verdict stays the same{2}"),
  REDUNDANT_RULE(
      "NP302", WARNING, "`{1}` of {0} is redundant: all that it allows is allowed by {2}"),
  REDUNDANT_PEER(
      "NP303",
      WARNING,
      "`{1}` of {0} is redundant: without this peer every verdict stays the same{2}"),
  REDUNDANT_PORT(
      "NP304",
      WARNING,
      "`{1}` of {0} is redundant: without this port every verdict stays the same{2}"),
  SHADOWED_RULE("NP305", WARNING, "`{1}` of {0} is shadowed: {2} decides all that it matches{3}"),
  POINTLESS_RULE(
      "NP306", WARNING, "`{1}` of {0} is pointless: what it decides, the rest decides alike{2}"),
  CONFLICT(
      "NP307",
      WARNING,
      "`{1}` of {0} and {2} have the same priority and decide the same traffic differently: which wins is undefined"),
  CONTRADICTORY_SELECTOR("NP308", WARNING, "{0}: {2}"),
  SELECTS_NOTHING("NP309", WARNING, "{0} {2}"),
  PEER_MATCHES_NOTHING("NP310", WARNING, "`{1}` of {0} {2}"),
  NAMED_PORT_NOWHERE(
      "NP311", WARNING, "`{1}` of {0}: no pod at the receiving end has a port of this name now"),
  INERT_RULES(
      "NP312", WARNING, "`{1}` of {0} does nothing: `policyTypes` leaves its direction out"),
  HALF_OPEN("NP313", WARNING, "`{1}` of {0} opens half a path: {2}"),
  PASS_TO_NOWHERE(
      "NP314",
      WARNING,
      "`{1}` of {0} passes to nowhere: no lower tier has a rule for it, so it is allowed"),

  // Practice: what the API takes and people seldom mean.
  SPLIT_PEER(
      "NP320",
      WARNING,
      "`{1}` of {0} are two peers, either of which is enough: every pod of those namespaces, and those pods of this namespace"),
  NO_NAME_SERVICE(
      "NP321",
      WARNING,
      "{0} takes names away from {1}: nothing lets it reach {2} on UDP and TCP 53"),
  NAMESPACE_LABELS_UNKNOWN(
      "NP322",
      WARNING,
      "`{1}` of {0} looks at labels of namespaces, but {2} has no manifest here: its labels are not known");

  private final String id;
  private final Severity severity;
  private final String message;

  Code(String id, Severity severity, String message) {
    this.id = id;
    this.severity = severity;
    this.message = message;
  }

  /** {@code NP} and three digits; stable across versions. */
  public String id() {
    return id;
  }

  public Severity severity() {
    return severity;
  }

  /** The code of an {@link #id}. */
  public static Optional<Code> ofId(String id) {
    return Arrays.stream(values()).filter(code -> code.id.equals(id)).findFirst();
  }

  /** A finding with this code, without a hint. */
  public Diagnostic at(Origin origin, Object... arguments) {
    return new Diagnostic(this, severity, fill(arguments), "", origin, List.of());
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
