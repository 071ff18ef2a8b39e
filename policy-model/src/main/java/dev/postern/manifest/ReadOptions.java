package dev.postern.manifest;

/**
 * How to read.
 *
 * @param namespace where objects lie that name no namespace
 * @param failFast whether to stop at the first document with an error
 * @param limits what is too much
 */
public record ReadOptions(String namespace, boolean failFast, Limits limits) {

  /** Namespace {@code default}, all problems in one run, {@link Limits#DEFAULT}. */
  public static final ReadOptions DEFAULT = new ReadOptions("default", false, Limits.DEFAULT);

  public ReadOptions withNamespace(String other) {
    return new ReadOptions(other, failFast, limits);
  }

  public ReadOptions withFailFast(boolean stop) {
    return new ReadOptions(namespace, stop, limits);
  }

  public ReadOptions withLimits(Limits others) {
    return new ReadOptions(namespace, failFast, others);
  }
}
