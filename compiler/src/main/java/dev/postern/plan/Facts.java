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
 * @param isAddressKnown whether it is known which of the mentioned address sets hold their address
 * @param addressSets the numbers of those that do, ascending
 * @param nodeList the list of the node selectors that match their node, or {@link #UNKNOWN_NODE}
 */
record Facts(
    boolean hostNetwork,
    int[] labels,
    List<ContainerPort> ports,
    boolean isAddressKnown,
    int[] addressSets,
    int nodeList) {

  /** In place of a list of node selectors where pods are on the host network of a node that is not known. */
  static final int UNKNOWN_NODE = -1;

  /** Whether policies see the same of other endpoints of the same namespace. */
  boolean isSame(Facts others) {
    return hostNetwork == others.hostNetwork
        && nodeList == others.nodeList
        && isAddressKnown == others.isAddressKnown
        && Arrays.equals(labels, others.labels)
        && Arrays.equals(addressSets, others.addressSets)
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
