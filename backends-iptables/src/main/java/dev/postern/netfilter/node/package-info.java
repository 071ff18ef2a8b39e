/**
 * Reads all packet filters of a node, whichever tool configures them, and combines them.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.netfilter.node;

import org.jspecify.annotations.NullMarked;
