/** Reads everything of a node that filters packets, whichever tool it is configured by, and puts it together. */
@NullMarked
package dev.postern.netfilter.node;

import org.jspecify.annotations.NullMarked;
