package dev.postern.netfilter.reader;

import dev.postern.backend.Reader.Dump;
import dev.postern.diagnostic.Origin;

/** What dumps of the tools do not hold: they come from files that something else wrote, or changed on the way. */
public final class PrintedText {

  private PrintedText() {}

  /**
   * A dump is text as the tools print it.
   *
   * @throws UnreadableDump at the first NUL or carriage return
   */
  public static void require(Dump dump) {
    String text = dump.text();
    int nul = text.indexOf('\0');
    int carriageReturn = text.indexOf('\r');
    int at = nul < 0 || carriageReturn < 0
        ? Math.max(nul, carriageReturn)
        : Math.min(nul, carriageReturn);
    if (at >= 0) {
      int begins = text.lastIndexOf('\n', at) + 1;
      int line = (int) text.substring(0, begins).chars().filter(c -> c == '\n').count() + 1;
      throw new UnreadableDump(
          new Origin(dump.file(), line, at - begins + 1, ""),
          (at == nul ? "a NUL" : "a carriage return")
              + ", which the tool does not print (hint: give the dump as the tool printed it)");
    }
  }
}
