package dev.postern.lowering;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.Region;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import dev.postern.plan.PlanRule;
import dev.postern.policy.Action;
import dev.postern.policy.Direction;
import dev.postern.policy.NamespaceSelection;
import dev.postern.policy.Peer;
import dev.postern.policy.Peers;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import dev.postern.policy.Ports;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Names sets of peers by what they mean instead of by who is in them, so that a set keeps its name when pods come and go. Equal sets have
 * one name, whoever's rules they come from.
 *
 * <p>Mostly the peers to whom a table lets the same traffic pass are just those that some of its rules select: then these selectors name
 * the set. Otherwise, where rules overlap or tiers cut each other, the role and the traffic do. Of several names for equal sets the first
 * is taken, selectors before roles. For one thread.
 */
public final class PeerNames {

  private final Roles roles;
  private final Map<PlanRule, String> texts = new IdentityHashMap<>();
  private final Map<ClassSet, Name> names = new HashMap<>();
  private final Map<String, ClassSet> taken = new HashMap<>();

  public PeerNames(Roles roles) {
    this.roles = roles;
  }

  /**
   * Notes the peers of a table, which can be named then.
   *
   * @param insideClass a class whose table it is
   * @param role the class's role
   * @param allowed the table
   */
  public void add(int insideClass, Direction direction, String role, Region allowed) {
    Map<Traffic, Selected> selected = new LinkedHashMap<>();
    for (Roles.Line line : roles.lines(insideClass, direction)) {
      if (line.rule().action() == Action.ALLOW) {
        Traffic traffic = line.rectangle().traffic();
        String selectors =
            texts.computeIfAbsent(line.rule(), rule -> text(rule.policy().kind(), rule.rule()));
        if (direction == Direction.EGRESS && Roles.namesPorts(line.rule().rule().ports())) {
          selectors += " whose " + text(line.rule().rule().ports()) + " is " + traffic;
        }
        selected
            .computeIfAbsent(traffic, t -> new Selected())
            .add(selectors, line.rectangle().peers());
      }
    }
    for (Region.Part part : allowed.parts()) {
      Selected same = selected.get(part.traffic());
      boolean plain = same != null && same.peers.equals(part.peers());
      Name before = names.get(part.peers());
      if (!plain && before != null && before.by() == By.SELECTORS) {
        continue;
      }
      Name name = plain
          ? new Name(By.SELECTORS, String.join(" or ", same.selectors))
          : new Name(By.ROLE, part.traffic() + " of " + role);
      names.merge(part.peers(), name, (one, other) -> one.compareTo(other) <= 0 ? one : other);
    }
  }

  /** What a name goes by; of several names for equal sets the first of these is taken. */
  private enum By {
    SELECTORS,
    ROLE
  }

  private record Name(By by, String words) implements Comparable<Name> {
    @Override
    public int compareTo(Name other) {
      int first = by.compareTo(other.by);
      return first != 0 ? first : words.compareTo(other.words);
    }

    /** Different for names of different kinds whatever their words, and the same in every version, since sets are called by it. */
    String text() {
      return (by == By.SELECTORS ? "1 " : "2 ") + words;
    }
  }

  /** The peers that rules with one traffic select together. */
  private static final class Selected {
    private final TreeSet<String> selectors = new TreeSet<>();
    private ClassSet peers = ClassSet.EMPTY;

    void add(String selector, ClassSet more) {
      selectors.add(selector);
      peers = peers.union(more);
    }
  }

  /**
   * The name of peers that are a part of a table that was added, as text of any length. Add all tables first.
   *
   * @throws IllegalArgumentException if no table that was added has this part
   * @throws IllegalStateException if another set of peers has the same name
   */
  public String of(ClassSet peers) {
    Name found = names.get(peers);
    if (found == null) {
      throw new IllegalArgumentException("no table has these peers as a part");
    }
    String name = found.text();
    ClassSet other = taken.putIfAbsent(name, peers);
    if (other != null && !other.equals(peers)) {
      // Two tables of one role: there are none, but a name that lies must not come of it.
      throw new IllegalStateException("two sets of peers have one name: " + name);
    }
    return name;
  }

  // --- selectors as text, injective also for odd labels

  private static String text(PolicyKind kind, PolicyRule rule) {
    if (!(rule.peers() instanceof Peers.AnyOf any)) {
      return "everyone";
    }
    TreeSet<String> texts = new TreeSet<>();
    any.peers().forEach(peer -> texts.add(peer.on(new Text(kind.leavesHostNetworkOpen()))));
    return String.join(" or ", texts);
  }

  private static String text(Ports ports) {
    TreeSet<String> texts = new TreeSet<>();
    if (ports instanceof Ports.AnyOf any) {
      any.matches()
          .forEach(match -> texts.add(
              match instanceof Ports.Named named
                  ? named.protocol().map(Protocol::word).orElse("*") + quoted(named.name())
                  : ((Ports.Numbered) match).protocol().word() + ((Ports.Numbered) match).ports()));
    }
    return texts.toString();
  }

  private static String text(Selector selector) {
    StringBuilder text = new StringBuilder();
    for (Requirement requirement : selector.requirements()) {
      text.append(quoted(requirement.key())).append(requirement.operator());
      requirement.values().forEach(value -> text.append(quoted(value)));
    }
    return text.append(';').toString();
  }

  private static String quoted(String word) {
    return word.length() + ":" + word;
  }

  private record Text(boolean hostNetworkToo) implements Peer.Cases<String> {
    @Override
    public String pods(Peer.Pods peer) {
      String where = peer.namespaces() instanceof NamespaceSelection.Named named
          ? "in " + quoted(named.namespace())
          : "where " + text(((NamespaceSelection.Matching) peer.namespaces()).selector());
      return (hostNetworkToo ? "pods " : "pods of their own network ") + text(peer.pods()) + where;
    }

    @Override
    public String ipBlock(Peer.IpBlock peer) {
      return "block " + peer.addresses();
    }

    @Override
    public String networks(Peer.Networks peer) {
      return "networks " + peer.addresses();
    }

    @Override
    public String nodes(Peer.Nodes peer) {
      return "nodes " + text(peer.nodes());
    }

    @Override
    public String domainNames(Peer.DomainNames peer) {
      return "domains " + List.copyOf(new TreeSet<>(peer.names()));
    }

    @Override
    public String unknown(Peer.Unknown peer) {
      return "unknown";
    }

    @Override
    public String perhaps(Peer.Perhaps peer) {
      return peer.whom() instanceof Peers.AnyOf any
          ? "perhaps "
              + any.peers().stream().map(each -> each.on(this)).sorted().toList()
          : "perhaps everyone";
    }
  }
}
