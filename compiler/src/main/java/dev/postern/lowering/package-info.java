/**
 * The way from a plan to what a target enforces: which pods it polices, grouped by what may pass, and sets of peers under names that stay
 * when pods come and go. Common to all backends, before any tool's syntax.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.lowering;

import org.jspecify.annotations.NullMarked;
