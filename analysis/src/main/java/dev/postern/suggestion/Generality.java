package dev.postern.suggestion;

/** How many pods a suggested rule is for, where some were seen. */
public enum Generality {
  /** The pods of the workload that was seen. */
  WORKLOAD,
  /** All pods of its namespace. */
  NAMESPACE,
  /** All pods of the cluster. */
  CLUSTER
}
