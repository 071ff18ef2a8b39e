/**
 * Turns label selectors into values that match or do not match a set of labels. A selector that is missing is not an empty
 * selector: what a missing one means is decided where manifests are read, never here.
 */
@NullMarked
package dev.postern.selector;

import org.jspecify.annotations.NullMarked;
