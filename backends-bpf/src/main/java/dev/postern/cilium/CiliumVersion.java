package dev.postern.cilium;

import java.util.Arrays;
import java.util.List;

/** Releases that differ in the layout of their maps. */
public enum CiliumVersion {
  /** {@code struct policy_entry} with {@code proxy_port_priority}; {@code ipcache} values of 12 bytes. */
  V1_18("1.18", 12),
  /** {@code struct policy_entry} with {@code precedence}; {@code ipcache} values of 24 bytes. */
  V1_19("1.19", 24);

  private final String release;
  private final int ipcacheValue;

  CiliumVersion(String release, int ipcacheValue) {
    this.release = release;
    this.ipcacheValue = ipcacheValue;
  }

  /** The size of a value of {@code ipcache} in bytes. */
  public int ipcacheValue() {
    return ipcacheValue;
  }

  /**
   * Reads {@code 1.19}.
   *
   * @throws IllegalArgumentException if there is no such layout; the message names those there are
   */
  public static CiliumVersion parse(String text) {
    List<CiliumVersion> known = List.of(values());
    return known.stream()
        .filter(version -> version.release.equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException("`" + text + "`: the layouts known are those of Cilium "
                + String.join(", ", Arrays.stream(values()).map(v -> v.release).toList())));
  }

  @Override
  public String toString() {
    return release;
  }
}
