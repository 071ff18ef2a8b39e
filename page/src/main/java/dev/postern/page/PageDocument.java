package dev.postern.page;

import dev.postern.diagnostic.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Writes a page into one text. The page's policy lets nothing run but its own script and engine, named by their hashes, and lets nothing be
 * fetched or sent.
 */
public final class PageDocument {

  /** In the order in which the page's script holds them. */
  private static final List<String> SCRIPTS = List.of(
      "tools.js",
      "engine-calls.js",
      "matrix-data.js",
      "overview.js",
      "ask.js",
      "matrix.js",
      "table.js",
      "map.js",
      "changes.js",
      "traffic.js",
      "main.js");

  private static final Pattern TAG = Pattern.compile("<(/?script)", Pattern.CASE_INSENSITIVE);

  private PageDocument() {}

  /**
   * The page.
   *
   * @throws IllegalStateException if this build left the engine out
   */
  public static String of(PageContents contents) {
    StringBuilder script = new StringBuilder("'use strict';\n(() => {\n");
    SCRIPTS.forEach(name -> script.append(resource(name)));
    script.append("})();\n");
    String engine = inScript(resource("engine.js"));
    String style = resource("page.css");
    String policy = "default-src 'none'; script-src " + hash(script.toString()) + " "
        + hash(engine) + "; style-src " + hash(style)
        + "; worker-src blob:; base-uri 'none'; form-action 'none'";
    String page = resource("page.html");
    StringBuilder out = new StringBuilder(page.length() + engine.length() + 100_000);
    int at = 0;
    while (true) {
      int start = page.indexOf("/*", at);
      if (start < 0) {
        return out.append(page, at, page.length()).toString();
      }
      int end = page.indexOf("*/", start);
      out.append(page, at, start);
      out.append(
          switch (page.substring(start + 2, end)) {
            case "POLICY" -> policy;
            case "TITLE" -> text(contents.title());
            case "STYLE" -> style;
            case "DATA" -> contents.json();
            case "ENGINE" -> engine;
            case "SCRIPT" -> script.toString();
            default ->
              throw new IllegalStateException("page.html wants " + page.substring(start, end));
          });
      at = end + 2;
    }
  }

  /** Whether this build holds the engine. */
  public static boolean isThere() {
    return PageDocument.class.getResource("engine.js") != null;
  }

  /** A tag in a text of the engine is written so that it is none to the page, and so are characters that no text file should hold. */
  private static String inScript(String code) {
    String script = TAG.matcher(code).replaceAll("<\\\\$1");
    StringBuilder out = new StringBuilder(script.length() + 2_000);
    for (int i = 0; i < script.length(); i++) {
      char unit = script.charAt(i);
      if (unit >= 0x7F && Printable.isUnsafe(unit)) {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
      } else {
        out.append(unit);
      }
    }
    return out.toString();
  }

  private static String text(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = PageDocument.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not in this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }
}
