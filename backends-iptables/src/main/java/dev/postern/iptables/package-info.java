/**
 * Turns a plan into iptables rules with ipsets. {@code dev.postern.iptables.reader} reads them back and shares no code with this package
 * except the names of the files.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.iptables;

import org.jspecify.annotations.NullMarked;
