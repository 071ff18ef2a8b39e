package dev.postern.ovn.match;

import java.util.List;
import java.util.Optional;

/** What {@code $set} and {@code @group} stand for. */
public interface NamedSets {

  /** The addresses of a set as its row holds them; empty if there is no such set, and then OVN rejects the expression. */
  Optional<List<Constant>> addressSet(String name);

  /** The names of the ports of a group; empty if there is no such group. */
  Optional<List<Constant>> portGroup(String name);

  /** None at all. */
  NamedSets NONE = new NamedSets() {
    @Override
    public Optional<List<Constant>> addressSet(String name) {
      return Optional.empty();
    }

    @Override
    public Optional<List<Constant>> portGroup(String name) {
      return Optional.empty();
    }
  };
}
