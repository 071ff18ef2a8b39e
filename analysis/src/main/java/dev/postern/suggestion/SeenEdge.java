package dev.postern.suggestion;

import dev.postern.net.Protocol;

/**
 * What was seen between workloads, or a workload and an address, on one port.
 *
 * @param source the workload's name, or the address
 * @param destination the workload's name, or the address
 * @param protocol the protocol
 * @param port the destination port
 * @param evidence how often, and when
 */
public record SeenEdge(
    String source, String destination, Protocol protocol, int port, Evidence evidence) {}
