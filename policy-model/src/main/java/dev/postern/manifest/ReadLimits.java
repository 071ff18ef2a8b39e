package dev.postern.manifest;

/**
 * How much a reader takes before it says so: the defence against input that is small and means something huge.
 *
 * @param bytes the size of one source
 * @param depth how deep maps and lists may nest
 * @param nodes how many values the aliases of one document may stand for
 */
public record ReadLimits(long bytes, int depth, int nodes) {

  /** 1 GiB a source, 100 levels (no Kubernetes object comes near), a million values by aliases a document. */
  public static final ReadLimits DEFAULT = new ReadLimits(1L << 30, 100, 1_000_000);

  /** @throws IllegalArgumentException if a size or a depth is not positive, or the nodes are negative */
  public ReadLimits {
    if (bytes < 1 || depth < 1 || nodes < 0) {
      throw new IllegalArgumentException("a limit is a positive number");
    }
  }
}
