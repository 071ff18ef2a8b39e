/**
 * Marks beside manifests that leave findings alone, and the names of rules in them.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.lint.mark;

import org.jspecify.annotations.NullMarked;
