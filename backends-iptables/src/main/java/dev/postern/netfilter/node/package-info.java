/**
 * Reads everything of a node that filters packets, whichever tool it is configured by, and puts it together.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.netfilter.node;

import org.jspecify.annotations.NullMarked;
