package dev.postern.policy;

import dev.postern.diagnostic.Origin;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.selector.Selector;
import java.util.List;

/** One entry of a rule's {@code from} or {@code to}: who may be at the other end. */
public sealed interface Peer {

  /** Where it was written. */
  Origin origin();

  /** Asks what to make of each kind of peer; a new kind does not compile until every asker answers for it. */
  <R> R on(Cases<R> cases);

  /** One answer for each kind of peer. */
  interface Cases<R> {
    R pods(Pods peer);

    R ipBlock(IpBlock peer);

    R networks(Networks peer);

    R nodes(Nodes peer);

    R domainNames(DomainNames peer);

    R unknown(Unknown peer);

    R perhaps(Perhaps peer);
  }

  /** Pods by labels, in the namespaces chosen. Never matches an address outside, nor a pod on the host network. */
  record Pods(NamespaceSelection namespaces, Selector pods, Origin origin) implements Peer {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.pods(this);
    }
  }

  /**
   * A NetworkPolicy's {@code ipBlock}. Whether it matches addresses of pods is a choice of the dataplane.
   *
   * @param cidr what it covers
   * @param except what it leaves out; each strictly inside the cidr
   */
  record IpBlock(Cidr cidr, List<Cidr> except, Origin origin) implements Peer {
    public IpBlock {
      except = List.copyOf(except);
    }

    /** The addresses it matches: the cidr less the excepts. */
    public AddressSet addresses() {
      AddressSet addresses = AddressSet.of(cidr);
      return except.isEmpty()
          ? addresses
          : addresses.minus(new AddressSet(except.stream().map(Cidr::range).toList()));
    }

    @Override
    public <R> R on(Cases<R> cases) {
      return cases.ipBlock(this);
    }
  }

  /** An admin policy's {@code networks}: addresses, also those of pods and nodes. Egress only. */
  record Networks(List<Cidr> cidrs, Origin origin) implements Peer {
    public Networks {
      cidrs = List.copyOf(cidrs);
    }

    public AddressSet addresses() {
      return new AddressSet(cidrs.stream().map(Cidr::range).toList());
    }

    @Override
    public <R> R on(Cases<R> cases) {
      return cases.networks(this);
    }
  }

  /** An admin policy's {@code nodes}: the addresses of nodes by their labels, with the pods on their host network. Egress only. */
  record Nodes(Selector nodes, Origin origin) implements Peer {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.nodes(this);
    }
  }

  /** An admin policy's {@code domainNames}, as {@code example.com} or {@code *.example.com}. Egress, action Accept only. */
  record DomainNames(List<String> names, Origin origin) implements Peer {
    public DomainNames {
      names = List.copyOf(names);
    }

    /** Whether it means a name; {@code *.example.com} stands for one or more labels before {@code .example.com} (NPEP-133). */
    public boolean matches(String name) {
      return names.stream()
          .anyMatch(pattern -> pattern.startsWith("*.")
              ? name.endsWith(pattern.substring(1)) && name.length() >= pattern.length()
              : name.equals(pattern));
    }

    @Override
    public <R> R on(Cases<R> cases) {
      return cases.domainNames(this);
    }
  }

  /** A peer with no field that this version knows: an allow matches nothing, a deny or pass denies everything (fail closed). */
  record Unknown(Origin origin) implements Peer {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.unknown(this);
    }
  }

  /**
   * Peers of which it is not known whether the rule means them. No manifest says so: it is how what was not read, or not declared, is told
   * to those who judge.
   *
   * @param whom everyone, or {@link Pods} only
   */
  record Perhaps(Peers whom, Origin origin) implements Peer {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.perhaps(this);
    }
  }
}
