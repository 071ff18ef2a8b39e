package dev.postern.plan;

import dev.postern.cluster.ContainerPort;
import java.util.Arrays;
import java.util.List;

/**
 * What the policies can see of the endpoints of a class.
 *
 * @param hostNetwork whether they are on the host network; admin policies' selectors never match them
 * @param labels key and value numbers of mentioned labels
 * @param ports mentioned named ports
 * @param addressList the list of the address sets that match their address, or {@link PodAddresses#UNKNOWN}
 * @param nodeList the list of the node selectors that match their node, or {@link #UNKNOWN_NODE}
 */
record Facts(
    boolean hostNetwork, int[] labels, List<ContainerPort> ports, int addressList, int nodeList) {

  /** In place of a list of node selectors where pods are on the host network of a node that is not known. */
  static final int UNKNOWN_NODE = -1;

  /**
   * Whether policies see the same of other endpoints of the same namespace.
   *
   * @param addresses what numbered the list of these
   * @param theirs what numbered the list of the others, over the same sets
   */
  boolean isSame(PodAddresses addresses, Facts others, PodAddresses theirs) {
    return hostNetwork == others.hostNetwork
        && nodeList == others.nodeList
        && Arrays.equals(labels, others.labels)
        && (addressList == PodAddresses.UNKNOWN) == (others.addressList == PodAddresses.UNKNOWN)
        && Arrays.equals(addresses.sets(addressList), theirs.sets(others.addressList))
        && ports.equals(others.ports);
  }

  /** The number of a key's value, 0 for one that no selector names, -1 without the label. */
  int value(int key) {
    for (int i = 0; i < labels.length; i += 2) {
      if (labels[i] == key) {
        return labels[i + 1];
      }
    }
    return -1;
  }
}
