package dev.postern.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HexFormat;

/** What tells each of a path's files from others, in the order of their names: 32 bytes a file, for fleets of millions of files. Immutable. */
final class FileDigests implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final int LENGTH = 32;

  static final FileDigests NONE = new FileDigests(new byte[0]);

  private final byte[] all;

  private FileDigests(byte[] all) {
    this.all = all;
  }

  static FileDigests of(FleetContent content) {
    byte[] all = new byte[LENGTH * content.files().size()];
    int at = 0;
    for (FleetContent.File file : content.files().values()) {
      System.arraycopy(HexFormat.of().parseHex(file.digest()), 0, all, at, LENGTH);
      at += LENGTH;
    }
    return new FileDigests(all);
  }

  /** {@link FleetContent.File#digest} of the file at a place, counted from 0; empty text where there was none. */
  String at(int place) {
    int from = LENGTH * place;
    return from < all.length ? HexFormat.of().formatHex(all, from, from + LENGTH) : "";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileDigests that && Arrays.equals(all, that.all);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(all);
  }
}
