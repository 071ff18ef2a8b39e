package dev.postern.mapdump;

/** A dump that is not what bpftool prints, or whose entries do not have the layout's form. */
public final class UnreadableMap extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param line from 1
   * @param column from 1
   * @param problem what is wrong, without the place
   */
  public UnreadableMap(String file, int line, int column, String problem) {
    super(file + ":" + line + ":" + column + ": error: " + problem);
  }
}
