package dev.postern.cli;

import org.teavm.interop.Unmanaged;

/** Something that the native program has not: the whole command line is the JVM's then. */
public final class NotHere extends Error {

  /** The exit status that leaves the command line to the JVM. */
  static final int LEFT = 97;

  public NotHere() {
    super("left to the JVM");
  }

  /** What stands in for each method that the native program leaves out. */
  public static RuntimeException instead() {
    throw new NotHere();
  }

  /** The same where nothing can be thrown, as there is no memory left. Nothing was printed before. */
  @Unmanaged
  public static void exit() {
    NativeProgram.exit(LEFT);
  }
}
