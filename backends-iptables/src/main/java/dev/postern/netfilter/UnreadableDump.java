package dev.postern.netfilter;

import dev.postern.diagnostic.Origin;

/** A dump that is not what the tool prints. A rule that is merely not understood is no such error: it is read as unknown. */
public final class UnreadableDump extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** @param problem what is wrong, without the place */
  public UnreadableDump(Origin origin, String problem) {
    super(origin + ": error: " + problem);
  }
}
