package dev.postern.solver;

import com.microsoft.z3.Context;
import java.util.Locale;
import java.util.Optional;

/** Z3, where its library is there. */
public final class Z3 {

  private Z3() {}

  /** Z3's native library cannot be loaded on this machine. */
  public static final class Missing extends Exception {
    private static final long serialVersionUID = 1;

    private Missing(LinkageError problem) {
      super(
          "Z3 did not run: its native library for " + machine() + " cannot be loaded ("
              + reason(problem)
              + "; hint: it comes with tools.aqua:z3-turnkey for Linux and macOS on x86-64 and arm64 and for Windows on x86-64, and is unpacked into "
              + System.getProperty("java.io.tmpdir") + ")",
          problem);
    }

    private static String machine() {
      return System.getProperty("os.name") + " "
          + System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    }

    private static String reason(Throwable problem) {
      Throwable first = problem;
      while (first.getCause() != null) {
        first = first.getCause();
      }
      String message = first.getMessage();
      return message == null ? first.getClass().getSimpleName() : message;
    }
  }

  private static final String ABSENT =
      "Z3 did not run: it is not on the class path (hint: add the dependency tools.aqua:z3-turnkey)";

  /**
   * Why nothing that is written for Z3 may be touched, if it is not on the class path: without its classes those that mention them cannot be
   * loaded. Whether its native library loads shows when a logic is opened.
   */
  public static Optional<String> absence() {
    try {
      Class.forName("com.microsoft.z3.Context", false, Z3.class.getClassLoader());
      return Optional.empty();
    } catch (ClassNotFoundException | LinkageError absent) {
      return Optional.of(ABSENT);
    }
  }

  /**
   * A logic: native memory, which lasts until it is closed.
   *
   * @throws Missing if the library is not there
   */
  static Logic open() throws Missing {
    try {
      return new Logic(new Context());
    } catch (LinkageError problem) {
      throw new Missing(problem);
    }
  }
}
