package dev.postern.policy;

import dev.postern.diagnostic.Origin;

/** Peers and ports by what they say, wherever it was written. */
final class WithoutOrigins implements Peer.Cases<Peer> {

  static final WithoutOrigins OF_PEERS = new WithoutOrigins();

  private WithoutOrigins() {}

  static Ports.PortMatch of(Ports.PortMatch match) {
    return match instanceof Ports.Numbered numbered
        ? new Ports.Numbered(numbered.protocol(), numbered.ports(), Origin.NONE)
        : new Ports.Named(
            ((Ports.Named) match).protocol(), ((Ports.Named) match).name(), Origin.NONE);
  }

  @Override
  public Peer pods(Peer.Pods peer) {
    return new Peer.Pods(peer.namespaces(), peer.pods(), Origin.NONE);
  }

  @Override
  public Peer ipBlock(Peer.IpBlock peer) {
    return new Peer.IpBlock(peer.cidr(), peer.except(), Origin.NONE);
  }

  @Override
  public Peer networks(Peer.Networks peer) {
    return new Peer.Networks(peer.cidrs(), Origin.NONE);
  }

  @Override
  public Peer nodes(Peer.Nodes peer) {
    return new Peer.Nodes(peer.nodes(), Origin.NONE);
  }

  @Override
  public Peer domainNames(Peer.DomainNames peer) {
    return new Peer.DomainNames(peer.names(), Origin.NONE);
  }

  @Override
  public Peer unknown(Peer.Unknown peer) {
    return new Peer.Unknown(Origin.NONE);
  }

  @Override
  public Peer perhaps(Peer.Perhaps peer) {
    return new Peer.Perhaps(peer.whom().withoutOrigins(), Origin.NONE);
  }
}
