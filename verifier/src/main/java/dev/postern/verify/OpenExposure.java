package dev.postern.verify;

import dev.postern.cluster.Cluster;
import dev.postern.openworld.OpenOutcome;

/**
 * How exposed a workload is to pods that are here or could come, with any labels and in any namespace.
 *
 * @param ingress whether one of them could ever reach it
 * @param egress whether it could ever reach one of them
 * @param cluster the cluster as it is
 */
public record OpenExposure(OpenOutcome ingress, OpenOutcome egress, Cluster cluster) {}
