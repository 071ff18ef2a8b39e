package dev.postern.cli;

import dev.postern.cli.console.Console;
import dev.postern.cli.console.Printer;
import dev.postern.cli.console.UserError;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.teavm.interop.Address;
import org.teavm.interop.Import;
import org.teavm.interop.Strings;
import org.teavm.interop.c.Include;

/**
 * The native program's beginning: runs one plain command line on small input as {@link Postern} does, and prints when all is known. For
 * whatever it has not, and for whatever goes wrong in it, it prints nothing and does not say that it {@link #ANSWERED}: who started it then starts
 * the JVM.
 * The first argument says which standard streams are terminals, as the property {@code postern.terminal} does.
 */
public final class NativeProgram {

  private static final int LEFT = NotHere.LEFT;

  /** What is added to the exit status of an answer, so that no other program's failure looks like one. */
  private static final int ANSWERED = 64;

  private static final int BAD_INPUT = 2;

  private static final int SIGPIPE = 13;

  private static final int SIGXFSZ = 25;

  private static final int IGNORED = 1;

  private static final int EPIPE = 32;

  private NativeProgram() {}

  public static void main(String[] arguments) {
    int status = LEFT;
    try {
      status = run(arguments);
    } catch (Throwable anything) {
      // The JVM says what it is.
    }
    exit(status);
  }

  private static int run(String[] arguments) {
    if (arguments.length < 3 || !areSimple(arguments)) {
      return LEFT;
    }
    String[] line = new String[arguments.length - 1];
    System.arraycopy(arguments, 1, line, 0, line.length);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(
        InputStream.nullInputStream(),
        Printer.to(out),
        Printer.to(err),
        environment("NO_COLOR", "FORCE_COLOR", "TERM"),
        arguments[0].contains("1"),
        false);
    Callable<Integer> command = PlainLine.command(console, line).orElseThrow(NotHere::new);
    int status;
    try {
      status = command.call();
    } catch (UserError complaint) {
      complaint.lines().forEach(console.err()::println);
      status = BAD_INPUT;
    } catch (Exception defect) {
      return LEFT;
    }
    console.out().flush();
    console.err().flush();
    return written(out.toByteArray(), err.toByteArray(), status);
  }

  /** Names of files and words of questions that mean the same in every locale; standard input can be read once only. */
  private static boolean areSimple(String... arguments) {
    for (String argument : arguments) {
      if (argument.equals("-")) {
        return false;
      }
      for (int i = 0; i < argument.length(); i++) {
        if (argument.charAt(i) < ' ' || argument.charAt(i) > '~') {
          return false;
        }
      }
    }
    return true;
  }

  private static Map<String, String> environment(String... names) {
    Map<String, String> environment = new HashMap<>();
    for (String name : names) {
      Address value = getenv(Strings.toC(name));
      if (value.toLong() != 0) {
        environment.put(name, Strings.fromC(value));
      }
    }
    return environment;
  }

  /** What is printed first can still be left to the JVM if it cannot be written; later a part of it is there. */
  private static int written(byte[] out, byte[] err, int status) {
    signal(SIGPIPE, Address.fromInt(IGNORED));
    // As in a JVM: a file that is too large is an error of write(2).
    signal(SIGXFSZ, Address.fromInt(IGNORED));
    if (out.length > 0 && err.length > 0) {
      // Both streams would have to be whole, or neither: an empty write says whether there is one.
      if (!isThere(1) || !isThere(2)) {
        return LEFT;
      }
    }
    int said = write(2, err);
    if (said == 0 && err.length > 0) {
      return LEFT;
    }
    // Notes that got lost are no answer, unless nobody reads them.
    int whole = said == err.length || errno().getInt() == EPIPE ? status : BAD_INPUT;
    int done = write(1, out);
    return done == out.length ? ANSWERED + whole : failed(done + said, whole);
  }

  private static boolean isThere(int descriptor) {
    return write(descriptor, Address.ofData(new byte[1]), 0) == 0;
  }

  /** Writes a text, and says how many bytes of it. */
  private static int write(int descriptor, byte[] text) {
    int done = 0;
    while (done < text.length) {
      int more = (int) write(descriptor, Address.ofData(text).add(done), text.length - done);
      if (more <= 0) {
        return done;
      }
      done += more;
    }
    return done;
  }

  private static int failed(int printed, int status) {
    int reason = errno().getInt();
    if (reason == EPIPE) {
      return ANSWERED + status;
    }
    if (printed == 0) {
      return LEFT;
    }
    write(
        2,
        ("postern: error: the answer could not be written: error " + reason + " of the system\n")
            .getBytes());
    return ANSWERED + BAD_INPUT;
  }

  @Include("stdlib.h")
  @Import(name = "exit")
  static native void exit(int status);

  @Include("stdlib.h")
  @Import(name = "getenv")
  private static native Address getenv(Address name);

  @Include("signal.h")
  @Import(name = "signal")
  private static native Address signal(int number, Address handler);

  @Include("unistd.h")
  @Import(name = "write")
  private static native long write(int descriptor, Address bytes, long count);

  @Include("errno.h")
  @Import(name = "__errno_location")
  private static native Address errno();
}
