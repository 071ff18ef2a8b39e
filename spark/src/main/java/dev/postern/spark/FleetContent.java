package dev.postern.spark;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files of a path with their bytes, as they were when they were read. Immutable. */
final class FleetContent {

  /** A file. */
  static final class File {
    private final String digest;
    private final byte[] bytes;

    /**
     * A file.
     *
     * @param bytes what it holds, which must not change afterwards
     */
    File(byte[] bytes) {
      this.bytes = bytes;
      this.digest = HexFormat.of().formatHex(sha256().digest(bytes));
    }

    /** What tells it from others: equal for equal bytes. */
    String digest() {
      return digest;
    }

    /** What it holds; not to be changed. */
    byte[] bytes() {
      return bytes;
    }
  }

  private final boolean folder;
  private final SortedMap<String, File> files;

  /**
   * Files.
   *
   * @param folder whether the path is a folder, else it is the one file
   * @param files the files by name, below a folder with slashes
   */
  FleetContent(boolean folder, SortedMap<String, File> files) {
    this.folder = folder;
    this.files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  boolean isFolder() {
    return folder;
  }

  SortedMap<String, File> files() {
    return files;
  }

  /** How many bytes they hold. */
  long size() {
    return files.values().stream().mapToLong(file -> file.bytes().length).sum();
  }

  /** What tells them from others: equal for equal bytes of equal names. */
  String digest() {
    MessageDigest digest = sha256();
    digest.update((byte) (folder ? 1 : 0));
    files.forEach((name, file) -> {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
      digest.update(bytes);
      digest.update(file.digest().getBytes(StandardCharsets.UTF_8));
    });
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JDK has SHA-256", missing);
    }
  }
}
