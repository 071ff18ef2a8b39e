/**
 * Turns two clusters into the traffic that the change from one to the other opens and closes, as few rows in the words of the manifests.
 * Exact for every endpoint of either cluster; it trusts the set engine.
 */
@NullMarked
package dev.postern.diff;

import org.jspecify.annotations.NullMarked;
