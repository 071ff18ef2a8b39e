package dev.postern.traffic;

import java.util.Locale;
import java.util.Optional;

/** What Cilium takes an end for that is no pod that it manages: its reserved identities, and their numbers ({@code pkg/identity/numericidentity.go}). */
public enum ReservedIdentity {
  /** The node where the flow was seen. */
  HOST("host", 1),
  WORLD("world", 2),
  /** A pod that Cilium does not manage. */
  UNMANAGED("unmanaged", 3),
  /** The health checks of Cilium's agents. */
  HEALTH("health", 4),
  /** A pod whose labels are not known yet. */
  INIT("init", 5),
  /** Another node than that where the flow was seen. */
  REMOTE_NODE("remote-node", 6),
  KUBE_APISERVER("kube-apiserver", 7),
  /** Cilium's own ingress. */
  INGRESS("ingress", 8),
  WORLD_IPV4("world-ipv4", 9),
  WORLD_IPV6("world-ipv6", 10);

  private static final String PREFIX = "reserved:";

  private final String label;
  private final int number;

  ReservedIdentity(String label, int number) {
    this.label = label;
    this.number = number;
  }

  /** The identity of a number; empty for any other. */
  public static Optional<ReservedIdentity> numbered(int number) {
    for (ReservedIdentity each : values()) {
      if (each.number == number) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** The identity of a label, as {@code reserved:host}; empty for any other. */
  public static Optional<ReservedIdentity> labelled(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (ReservedIdentity each : values()) {
      if (lower.equals(PREFIX + each.label)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** Whether it means addresses outside the cluster. */
  public boolean isWorld() {
    return this == WORLD || this == WORLD_IPV4 || this == WORLD_IPV6;
  }

  /** Whether it means pods, of which nothing more is said. */
  public boolean isSomePod() {
    return this == UNMANAGED || this == INIT;
  }

  /** {@code reserved:host}. */
  @Override
  public String toString() {
    return PREFIX + label;
  }
}
