package dev.postern.cilium;

import java.util.List;
import java.util.SortedSet;

/**
 * What Cilium knows a peer by.
 *
 * @param number 1 host, 2, 9 and 10 world, 256..65535 pods, {@code 1 << 24 | n} networks, {@code 1 << 25 | n} nodes
 * @param classNumber a class that stands for those who have it: no policy treats them differently
 * @param nodes the nodes whose address has it
 * @param labels as {@code cilium identity list} shows them
 */
record Identity(int number, int classNumber, SortedSet<String> nodes, List<String> labels) {
  Identity {
    labels = List.copyOf(labels);
  }
}
