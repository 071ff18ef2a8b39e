package dev.postern.question;

/** How many of several are meant. */
public enum Quantifier {
  /** Is there one: {@code any pod in namespace dev}, {@code pods app=web}, {@code namespace dev}. */
  ANY,
  /** All of them: {@code every pod in namespace dev}; also the replicas of a workload that is named, and the addresses of a block. */
  EVERY
}
