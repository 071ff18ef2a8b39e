package dev.postern.cluster;

import dev.postern.net.Protocol;

/**
 * A port that a container declares.
 *
 * @param name its name; empty if it has none
 * @param protocol its protocol
 * @param number 1..65535
 */
public record ContainerPort(String name, Protocol protocol, int number) {}
