package dev.postern.meaning;

/** Whether a rule matches a flow: known, or not knowable from the manifests. */
enum Match {
  NO,
  MAYBE,
  YES;

  static Match of(boolean matches) {
    return matches ? YES : NO;
  }

  Match and(Match other) {
    return compareTo(other) < 0 ? this : other;
  }

  Match or(Match other) {
    return compareTo(other) > 0 ? this : other;
  }
}
