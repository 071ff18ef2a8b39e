package dev.postern.net;

import java.util.Locale;
import java.util.Optional;

/** The protocols that a policy can tell apart. Kubernetes names three with ports; everything else is one: {@link #OTHER}. */
public enum Protocol {
  TCP(6),
  UDP(17),
  SCTP(132),
  /** ICMP, ICMPv6 and every protocol that has no ports in Kubernetes: passed only where no ports restrict a rule. */
  OTHER(-1);

  private final int number;

  Protocol(int number) {
    this.number = number;
  }

  /** The IANA protocol number; -1 for {@link #OTHER}. */
  public int number() {
    return number;
  }

  public boolean hasPorts() {
    return this != OTHER;
  }

  /** The protocol of a manifest's {@code protocol} field: exactly {@code TCP}, {@code UDP} or {@code SCTP}. */
  public static Optional<Protocol> ofApi(String text) {
    return switch (text) {
      case "TCP" -> Optional.of(TCP);
      case "UDP" -> Optional.of(UDP);
      case "SCTP" -> Optional.of(SCTP);
      default -> Optional.empty();
    };
  }

  /** The lower-case name, as questions write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
