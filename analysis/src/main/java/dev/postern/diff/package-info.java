/**
 * Turns two clusters into the traffic that the change from one to the other opens and closes, as few rows with the names in the manifests.
 * It is exact for every endpoint of either cluster, and trusts the set engine.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.diff;

import org.jspecify.annotations.NullMarked;
