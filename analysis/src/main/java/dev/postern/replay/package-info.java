/**
 * Compares recorded traffic with a set of policies: traffic that passed and would be denied, and traffic that was dropped and would pass.
 * Records are folded into edges one by one, so memory grows with the edges and not with the log.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.replay;

import org.jspecify.annotations.NullMarked;
