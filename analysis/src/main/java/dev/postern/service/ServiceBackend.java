package dev.postern.service;

import dev.postern.meaning.End;
import dev.postern.net.Protocol;

/**
 * Where a Service leads.
 *
 * @param end a pod at one of its addresses, or an address that no pod has
 * @param protocol the protocol
 * @param port the port there, 1..65535
 */
public record ServiceBackend(End end, Protocol protocol, int port) {}
