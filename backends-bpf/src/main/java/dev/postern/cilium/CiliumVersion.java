package dev.postern.cilium;

import java.util.Arrays;
import java.util.List;

/** Releases that differ in the layout of their maps. The pull requests are those of Cilium that changed it. */
public enum CiliumVersion {
  /** {@code struct policy_entry} of 24 bytes with flags for a wildcard protocol and port; {@code ipcache} values of 12. */
  V1_16("1.16", 24, 12),
  /** The flags gave way to the prefix's length (#35150, #35534) and the proxy port's priority (#36056). */
  V1_17("1.17", 24, 12),
  /** Counters moved out of the entry (#37591), which has 8 bytes; {@code ipcache} holds IPv6 tunnel ends (#38296), in 24. */
  V1_18("1.18", 8, 24),
  /** A cookie (#40023), and {@code precedence} in place of the priority (#42784): 12 bytes. */
  V1_19("1.19", 12, 24);

  private final String release;
  private final int policyValue;
  private final int ipcacheValue;

  CiliumVersion(String release, int policyValue, int ipcacheValue) {
    this.release = release;
    this.policyValue = policyValue;
    this.ipcacheValue = ipcacheValue;
  }

  /** The size of a value of a policy map in bytes. */
  public int policyValue() {
    return policyValue;
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
