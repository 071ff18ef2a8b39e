/**
 * Marks in manifests that suppress findings, and the names of rules in them.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.lint.mark;

import org.jspecify.annotations.NullMarked;
