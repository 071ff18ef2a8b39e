package dev.postern.why;

/**
 * Why a rule is not about a flow.
 *
 * @param field the field that does not match, as {@code from[1]} or {@code ports}
 * @param words why, in words of the manifest
 * @param closeness how much did match before this, higher is closer
 */
public record Mismatch(String field, String words, int closeness) {

  /** Everything but the ports matched. */
  static final int PORTS = 9;

  /** The namespace matched, the pod's labels did not. */
  static final int LABELS = 6;

  /** The address is in the block, but cut out of it. */
  static final int EXCEPT = 5;

  /** The namespace did not match. */
  static final int NAMESPACE = 3;

  /** Not even the kind of peer. */
  static final int KIND = 1;

  /** A peer that may be meant for all that the manifests say, and is not this one for certain. */
  static final int UNWRITTEN = 0;

  /** {@code from[0] needs app=frontend, shop/cart has app=cart}. */
  @Override
  public String toString() {
    return field + " " + words;
  }
}
