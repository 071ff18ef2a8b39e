/**
 * Speaks the OVSDB management protocol (RFC 7047): JSON-RPC over a unix socket, TCP or TLS. It turns a method and its parameters into the
 * server's answer, and knows nothing of what is in a database.
 */
@NullMarked
package dev.postern.ovn.ovsdb;

import org.jspecify.annotations.NullMarked;
