package dev.postern.manifest;

/**
 * How to read.
 *
 * @param namespace where objects lie that name no namespace
 * @param failFast whether to stop at the first document with an error
 * @param limits what is too much
 * @param keepWritten whether to keep the objects as they were written ({@link Loaded#written}), which takes memory
 */
public record ReadOptions(
    String namespace, boolean failFast, ReadLimits limits, boolean keepWritten) {

  /** Namespace {@code default}, all problems in one run, {@link ReadLimits#DEFAULT}. */
  public static final ReadOptions DEFAULT =
      new ReadOptions("default", false, ReadLimits.DEFAULT, false);

  public ReadOptions withNamespace(String other) {
    return new ReadOptions(other, failFast, limits, keepWritten);
  }

  public ReadOptions withFailFast(boolean stop) {
    return new ReadOptions(namespace, stop, limits, keepWritten);
  }

  public ReadOptions withLimits(ReadLimits others) {
    return new ReadOptions(namespace, failFast, others, keepWritten);
  }

  public ReadOptions withKeepWritten(boolean keep) {
    return new ReadOptions(namespace, failFast, limits, keep);
  }
}
