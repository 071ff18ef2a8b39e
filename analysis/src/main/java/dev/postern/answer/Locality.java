package dev.postern.answer;

import java.util.Set;

/** Whether a way through a Service leads only to the pods behind it on one node. */
sealed interface Locality {

  Locality ANYWHERE = new Anywhere();
  Locality CLIENTS_NODE = new ClientsNode();

  /** To every pod behind it. */
  record Anywhere() implements Locality {
    // Written out: the JVM links what a record generates at run time, which costs every start.
    @Override
    public boolean equals(Object other) {
      return other instanceof Anywhere;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  /** {@code internalTrafficPolicy: Local}: to those on the client's own node. */
  record ClientsNode() implements Locality {}

  /**
   * {@code externalTrafficPolicy: Local}, at a port of a node: what comes from elsewhere goes to the pods on that node, or is dropped. The
   * node's own calls go to every pod; so may those of other pods, by how kube-proxy tells them and whether they keep their address (the rules
   * that kube-proxy writes for the "external" chain of a Service).
   *
   * @param nodes the node's name; several where several nodes list the address that is called
   * @param some whether a pod behind the Service is known to be there
   * @param forPods whether that goes for clients that are pods
   */
  record CalledNode(Set<String> nodes, boolean some, boolean forPods) implements Locality {
    public CalledNode {
      nodes = Set.copyOf(nodes);
    }
  }
}
