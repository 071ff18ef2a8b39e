package dev.postern.cli.selection;

import dev.postern.diagnostic.Diagnostic;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.ObjectName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What makes a finding the same one after lines and files have moved: its rule, its object, the field without positions in lists, and what
 * is written there however it is laid out. Findings that are alike in all of it have the same; who compares, counts.
 *
 * @param text 32 hexadecimal digits
 */
public record FindingFingerprint(String text) {

  private static final int LENGTH = 32;

  /** The fingerprint of a finding in what was read. */
  public static FindingFingerprint of(Diagnostic finding, Loaded loaded) {
    String object =
        loaded.places().object(finding.origin()).map(ObjectName::toString).orElse("");
    String field = finding.origin().path();
    boolean whole = field.isEmpty() && !object.isEmpty();
    String written = whole ? "" : loaded.lines().block(finding.origin());
    return new FindingFingerprint(hash(String.join(
        "\n", finding.code().id(), object, field.replaceAll("\\[[0-9]+]", "[]"), written)));
  }

  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, LENGTH);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
