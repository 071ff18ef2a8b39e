/**
 * Turns label selectors into values that match or do not match a set of labels. A missing selector is not an empty selector: its meaning is
 * decided where manifests are read, never here.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.selector;

import org.jspecify.annotations.NullMarked;
