package dev.postern.service;

/**
 * The choices of whatever serves Services on nodes, by which it depends whose addresses policies see.
 *
 * @param keepsClients whether a pod behind a node port or load balancer sees the own address of a client outside for certain. If not, a node may have
 *     put its own in its place, unless {@code externalTrafficPolicy} is {@code Local}.
 * @param shortCutsLoadBalancers whether a node answers its own pods' calls to a load balancer's address itself. If not, they go to the load
 *     balancer first, unless the Service's status says that it is a proxy, which they always go to.
 */
public record ServiceProxy(boolean keepsClients, boolean shortCutsLoadBalancers) {

  /** What kube-proxy does. */
  public static final ServiceProxy DEFAULT = new ServiceProxy(false, true);

  public ServiceProxy withKeepsClients(boolean keeps) {
    return new ServiceProxy(keeps, shortCutsLoadBalancers);
  }

  public ServiceProxy withShortCutsLoadBalancers(boolean shortCuts) {
    return new ServiceProxy(keepsClients, shortCuts);
  }
}
