package dev.postern.manifest;

import dev.postern.cli.NotHere;
import dev.postern.diagnostic.Diagnostic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.teavm.interop.Address;
import org.teavm.interop.Import;
import org.teavm.interop.Strings;
import org.teavm.interop.c.Include;

/**
 * Finds what a path means where that is simple: regular files and directories of them, small, with plain names, no links, no charts and no
 * kustomizations. All else is left to the JVM.
 */
final class SourceFiles {

  /** More is read faster by a JVM. */
  private static final int MOST_BYTES = 1 << 17;

  // Of statx(2), whose answer lies in memory in the same way on all machines.
  private static final int HERE = -100;
  private static final int NO_FOLLOW = 0x100;
  private static final int TYPE = 1;
  private static final int MODE = 28;
  private static final int TYPES = 0xF000;
  private static final int REGULAR = 0x8000;
  private static final int DIRECTORY = 0x4000;

  private final Predicate<Path> excluded;
  private final TreeMap<String, Source> sources = new TreeMap<>();
  private int bytes;

  private SourceFiles(Predicate<Path> excluded) {
    this.excluded = excluded;
  }

  static SourceTree find(Path path, Predicate<Path> excluded, SourceTree.TreeScope extent) {
    if (extent.withoutTests()) {
      throw new NotHere();
    }
    String name = path.toString();
    while (name.length() > 1 && name.endsWith("/")) {
      name = name.substring(0, name.length() - 1);
    }
    if (name.isEmpty() || name.contains("//") || goesBack(name)) {
      throw new NotHere();
    }
    SourceFiles files = new SourceFiles(excluded);
    int type = type(name);
    if (type == REGULAR) {
      return SourceTree.of(files.read(name));
    }
    if (type != DIRECTORY) {
      throw new NotHere();
    }
    files.walk(name, name.equals("/") ? "" : name);
    if (files.sources.isEmpty()) {
      throw new NotHere();
    }
    return new SourceTree(
        new ArrayList<>(files.sources.values()), PassedOver.NOTHING, List.of());
  }

  /** Behind a link, what {@code ..} means to the system is not what it means to those who look for settings. */
  private static boolean goesBack(String name) {
    boolean named = false;
    for (String part : name.split("/")) {
      if (named && part.equals("..")) {
        return true;
      }
      named |= !part.equals("..") && !part.equals(".");
    }
    return false;
  }

  private void walk(String directory, String name) {
    for (String last : Descriptor.names(directory)) {
      String below = name + "/" + last;
      refuseOdd(last);
      int type = type(below);
      if (type == DIRECTORY) {
        if (!last.equals(".git") && !last.equals("node_modules")) {
          walk(below, below);
        }
      } else if (type != REGULAR) {
        throw new NotHere();
      } else if (isManifest(last)) {
        if (excluded.test(Path.of(below))) {
          throw new NotHere();
        }
        sources.put(below, read(below).found());
      }
    }
  }

  private static void refuseOdd(String name) {
    boolean odd = name.startsWith("..")
        || name.startsWith("kustomization.")
        || name.equals("Kustomization")
        || name.startsWith("Chart.");
    for (int i = 0; i < name.length(); i++) {
      odd |= name.charAt(i) < ' ' || name.charAt(i) > '~';
    }
    if (odd) {
      throw new NotHere();
    }
  }

  private static boolean isManifest(String name) {
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
  }

  private Source read(String name) {
    byte[] text = Descriptor.bytes(name, MOST_BYTES - bytes);
    bytes += text.length;
    refuseOtherText(text);
    return Source.bytes(name, text);
  }

  /** What is wrong with a text that is not UTF-8 TeaVM's decoder says otherwise than the JVM's. */
  private static void refuseOtherText(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0
        || !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
      throw new NotHere();
    }
  }

  static Diagnostic unreadable(String name, IOException unread) {
    throw new NotHere();
  }

  /** What lies at a path: a type of the file system's, {@code S_IFMT} of {@code stat(2)}; links are not followed. */
  private static int type(String name) {
    byte[] answer = new byte[256];
    if (statx(HERE, Strings.toC(name), NO_FOLLOW, TYPE, Address.ofData(answer)) != 0) {
      throw new NotHere();
    }
    return Address.ofData(answer).add(MODE).getShort() & TYPES;
  }

  @Include("sys/stat.h")
  @Import(name = "statx")
  private static native int statx(int directory, Address path, int flags, int mask, Address answer);
}
