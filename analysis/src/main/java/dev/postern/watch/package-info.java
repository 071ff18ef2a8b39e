/**
 * A cluster that changes while questions about it are asked: events in, consistent snapshots out, and what a change would open before it is
 * made.
 */
@NullMarked
package dev.postern.watch;

import org.jspecify.annotations.NullMarked;
