package dev.postern.netfilter;

/** What becomes of a packet that no policy allows. An invalid packet is dropped either way. */
public enum Deny {
  /** Nobody hears of it. */
  DROP,
  /** Its sender is told: a reset for TCP, for all else an ICMP message that says "administratively prohibited". */
  REJECT
}
