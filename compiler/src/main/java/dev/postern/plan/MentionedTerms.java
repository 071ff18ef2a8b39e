package dev.postern.plan;

import dev.postern.meaning.Options;
import dev.postern.net.AddressSet;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What the policies of a cluster mention, and so can tell apart: label keys and values of pods, port names, addresses, nodes. */
final class MentionedTerms {

  /**
   * A label key of pods.
   *
   * @param number its number
   * @param values the values named for it, numbered from 1; 0 is any other value
   */
  record Key(int number, Map<String, Integer> values) {}

  private final Map<String, Key> keys = new HashMap<>();
  /** Keys of which some selector asks whether they are there at all. */
  private final Set<Key> presence = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Map<String, Integer> portNames = new HashMap<>();
  /** Distinct address sets, and whether any peer that matches pods' addresses uses them. */
  private final Map<AddressSet, Boolean> addresses = new LinkedHashMap<>();

  private final Map<Selector, Integer> nodes = new LinkedHashMap<>();

  static MentionedTerms of(Collection<Policy> policies, Options options) {
    MentionedTerms mentions = new MentionedTerms();
    for (Policy policy : policies) {
      mentions.pods(policy.subject().pods());
      for (PolicyRule rule : policy.rules()) {
        mentions.rule(rule, options);
      }
    }
    return mentions;
  }

  private void rule(PolicyRule rule, Options options) {
    if (rule.ports() instanceof Ports.AnyOf any) {
      any.matches().forEach(match -> {
        if (match instanceof Ports.Named named) {
          portNames.putIfAbsent(named.name(), portNames.size());
        }
      });
    }
    peers(rule.peers(), options);
  }

  private void peers(Peers peers, Options options) {
    if (!(peers instanceof Peers.AnyOf any)) {
      return;
    }
    for (Peer peer : any.peers()) {
      if (peer instanceof Peer.Pods pods) {
        pods(pods.pods());
      } else if (peer instanceof Peer.IpBlock block) {
        addresses.merge(block.addresses(), options.ipBlockMatchesPods(), Boolean::logicalOr);
      } else if (peer instanceof Peer.Networks networks) {
        addresses.merge(networks.addresses(), true, Boolean::logicalOr);
      } else if (peer instanceof Peer.Nodes selected) {
        nodes.putIfAbsent(selected.nodes(), nodes.size());
      } else if (peer instanceof Peer.Perhaps perhaps) {
        peers(perhaps.whom(), options);
      }
    }
  }

  private void pods(Selector selector) {
    for (Requirement requirement : selector.requirements()) {
      Key key = keys.get(requirement.key());
      if (key == null) {
        key = new Key(keys.size(), new HashMap<>());
        keys.put(requirement.key(), key);
      }
      if (!requirement.operator().takesValues()) {
        presence.add(key);
      }
      for (String value : requirement.values()) {
        key.values.putIfAbsent(value, key.values.size() + 1);
      }
    }
  }

  /** Whether classes that tell these terms apart also tell others apart that these hold. */
  boolean holds(MentionedTerms others) {
    return others.keys.entrySet().stream()
            .allMatch(entry -> holds(entry.getKey(), entry.getValue(), others))
        && portNames.keySet().containsAll(others.portNames.keySet())
        && nodes.keySet().containsAll(others.nodes.keySet())
        && holdsAddresses(others);
  }

  private boolean holds(String name, Key other, MentionedTerms others) {
    Key own = keys.get(name);
    return own != null
        && own.values().keySet().containsAll(other.values().keySet())
        && (!others.presenceMatters(other) || presenceMatters(own));
  }

  /** Whether every address set of others is here, and may match pods if it may there. */
  boolean holdsAddresses(MentionedTerms others) {
    return others.addresses.entrySet().stream()
        .allMatch(entry -> addresses.containsKey(entry.getKey())
            && (!entry.getValue() || addresses.getOrDefault(entry.getKey(), false)));
  }

  /** Whether others mention the same addresses and nodes, by which the world outside is cut. */
  boolean cutsOutsideAs(MentionedTerms others) {
    return addresses.equals(others.addresses) && nodes.keySet().equals(others.nodes.keySet());
  }

  Map<String, Key> keys() {
    return keys;
  }

  /** Whether another value than those named differs from none: some selector asks whether the key is there. */
  boolean presenceMatters(Key key) {
    return presence.contains(key);
  }

  /** The number of a port's name; -1 if no policy mentions it. */
  int portName(String name) {
    return portNames.getOrDefault(name, -1);
  }

  boolean anyPortName() {
    return !portNames.isEmpty();
  }

  /** Distinct address sets with whether they can match a pod, in order of first mention. */
  Map<AddressSet, Boolean> addresses() {
    return addresses;
  }

  /** Distinct node selectors, numbered. */
  Map<Selector, Integer> nodes() {
    return nodes;
  }
}
