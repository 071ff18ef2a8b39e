package dev.postern.diagnostic;

/** How bad it is, the worst first. */
public enum Severity {
  /** The object, or the answer, cannot be used. */
  ERROR("error"),
  /** It can be used, but probably does not say what was meant. */
  WARNING("warning"),
  /** It can be used and may be meant: practice and coverage, for those who ask. */
  INFO("info");

  private final String word;

  Severity(String word) {
    this.word = word;
  }

  /** The lower-case word, as compilers print it. */
  public String word() {
    return word;
  }
}
