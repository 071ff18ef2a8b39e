/**
 * A cluster that changes while it is queried: it takes events, gives consistent snapshots, and says what a change would open before it is
 * made.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.watch;

import org.jspecify.annotations.NullMarked;
