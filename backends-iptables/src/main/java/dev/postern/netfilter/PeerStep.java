package dev.postern.netfilter;

import java.util.List;
import java.util.Optional;

/** A step of a group's decision on the peer's address; the first that knows the peer decides. */
public sealed interface PeerStep {

  /** The names of what it asks and answers, which stand for their contents. */
  String key();

  /**
   * Peers that share an outcome.
   *
   * @param peers who; empty for everyone of the family
   */
  record Match(Optional<PeerSet> peers, PeerOutcome outcome) implements PeerStep {
    @Override
    public String key() {
      return peers.map(PeerSet::name).orElse("*") + ">" + outcome.name();
    }
  }

  /**
   * Many disjoint sets of peers, looked up at once instead of one after the other.
   *
   * @param name the content name
   * @param entries no address is in two of them
   */
  record Lookup(String name, List<Entry> entries) implements PeerStep {
    public Lookup {
      entries = List.copyOf(entries);
    }

    @Override
    public String key() {
      return "lookup " + name;
    }

    /** Peers of a lookup. */
    public record Entry(PeerSet peers, PeerOutcome outcome) {}
  }
}
