/**
 * Speaks the OVSDB management protocol (RFC 7047): JSON-RPC over a unix socket, TCP or TLS. It turns a method and its parameters into the
 * server's answer, and knows nothing of the contents of a database.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.ovn.ovsdb;

import org.jspecify.annotations.NullMarked;
