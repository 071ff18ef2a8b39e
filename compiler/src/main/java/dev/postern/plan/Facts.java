package dev.postern.plan;

import dev.postern.cluster.ContainerPort;
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
