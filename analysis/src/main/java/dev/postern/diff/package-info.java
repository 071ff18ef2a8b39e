/**
 * Turns two clusters into the traffic that the change from one to the other opens and closes, as few rows in the words of the manifests.
 * Exact for every endpoint of either cluster; it trusts the set engine.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.diff;

import org.jspecify.annotations.NullMarked;
