/**
 * A cluster that changes while questions about it are asked: events in, consistent snapshots out, and what a change would open before it is
 * made.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.watch;

import org.jspecify.annotations.NullMarked;
