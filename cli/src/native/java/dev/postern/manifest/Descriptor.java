package dev.postern.manifest;

import dev.postern.cli.NotHere;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.teavm.interop.Address;
import org.teavm.interop.Import;
import org.teavm.interop.Strings;
import org.teavm.interop.c.Include;

/**
 * Reads files and directories by the system's own calls, which say when they fail: to TeaVM's {@code java.io} an error is the end of a file, or
 * of a directory.
 */
final class Descriptor {

  private static final int AT_ONCE = 1 << 14;

  // Of linux_dirent64, as getdents64(2) writes it on all machines.
  private static final int LENGTH = 16;
  private static final int NAME = 19;

  private static final int READ_ONLY = 0;

  private Descriptor() {}

  /** All of a file, which must not be more than so many bytes. */
  static byte[] bytes(String name, int most) {
    int descriptor = opened(name);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] some = new byte[AT_ONCE];
    int count = checked(read(descriptor, Address.ofData(some), AT_ONCE));
    while (count > 0) {
      all.write(some, 0, count);
      if (all.size() > most) {
        throw new NotHere();
      }
      count = checked(read(descriptor, Address.ofData(some), AT_ONCE));
    }
    close(descriptor);
    return all.toByteArray();
  }

  /** The names in a directory, without itself and the one above. */
  static List<String> names(String directory) {
    int descriptor = opened(directory);
    List<String> names = new ArrayList<>();
    byte[] entries = new byte[AT_ONCE];
    int count = checked(getdents64(descriptor, Address.ofData(entries), AT_ONCE));
    while (count > 0) {
      for (int at = 0; at < count; at += length(entries, at)) {
        String name = name(entries, at + NAME);
        if (!name.equals(".") && !name.equals("..")) {
          names.add(name);
        }
      }
      count = checked(getdents64(descriptor, Address.ofData(entries), AT_ONCE));
    }
    close(descriptor);
    return names;
  }

  private static int length(byte[] entries, int at) {
    return Address.ofData(entries).add(at + LENGTH).getShort() & 0xFFFF;
  }

  /** Characters that are no ASCII are odd ones, and stay so: a byte is one. */
  private static String name(byte[] entries, int from) {
    StringBuilder name = new StringBuilder();
    for (int i = from; entries[i] != 0; i++) {
      name.append((char) (entries[i] & 0xFF));
    }
    return name.toString();
  }

  private static int opened(String name) {
    return checked(open(Strings.toC(name), READ_ONLY));
  }

  private static int checked(long result) {
    if (result < 0) {
      throw new NotHere();
    }
    return (int) result;
  }

  @Include("fcntl.h")
  @Import(name = "open")
  private static native int open(Address path, int flags);

  @Include("unistd.h")
  @Import(name = "read")
  private static native long read(int descriptor, Address bytes, long count);

  @Include("dirent.h")
  @Import(name = "getdents64")
  private static native long getdents64(int descriptor, Address entries, long size);

  @Include("unistd.h")
  @Import(name = "close")
  private static native int close(int descriptor);
}
